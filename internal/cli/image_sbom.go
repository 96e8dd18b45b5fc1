package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/image/attach"
	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/sbom"
	"github.com/foilsec/foil/internal/source/image"
	bill "github.com/foilsec/foil/internal/source/sbom"
)

func newImageSBOM(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "sbom TARGET",
		Short: "Write what is inside an image as a bill of materials",
		Long: `Sbom writes the packages of an image as CycloneDX 1.6 or SPDX 2.3. A target is
what scan takes: an archive, a layout, a name in a registry, a root folder, a
program, another bill. The same target gives the same bytes.

A scan of the bill finds what a scan of the image finds.`,
		Example: `  foil image sbom nginx:1.29 -o cyclonedx-json=nginx.cdx.json
  foil image sbom shop.tar -o spdx-json
  foil image sbom shop.spdx.json -o cyclonedx-json
  foil image sbom registry.example/shop/kitchen:1.4 --attach -o spdx-json=kitchen.json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return runImageSBOM(c, args[0], streams) },
	}
	addImageFlags(c)
	c.Flags().Bool("attach", false, "attach the bill to the image in its registry, as a referrer")
	c.Flags().String("cache", "", "folder in which results of layers are kept (default: in the user's cache folder)")
	c.Flags().Int("workers", 0, "how many layers are read at a time (default: two)")
	c.Flags().StringArrayP("output", "o", nil, "form of the bill, as FORM or FORM=FILE (repeatable): "+strings.Join(billForms(), ", "))
	return c
}

func billForms() []string {
	var names []string
	for _, f := range sbom.Formats() {
		names = append(names, string(f))
	}
	return names
}

func runImageSBOM(c *cobra.Command, reference string, streams Streams) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	wanted := must(c.Flags().GetStringArray("output"))
	if len(wanted) == 0 {
		wanted = []string{string(sbom.CycloneDX)}
	}
	for _, w := range wanted {
		if form, _, _ := strings.Cut(w, "="); !slices.Contains(billForms(), form) {
			return usageError(fmt.Errorf("-o: there is no form %q", form), "the forms are "+strings.Join(billForms(), ", "))
		}
	}
	p := newProgress(streams.Err)
	defer p.end()
	a, err := readArtifact(c.Context(), c, reference, streams, p)
	if err != nil {
		return err
	}
	p.end()
	for _, w := range wanted {
		if err := writeBill(w, a, streams.Out); err != nil {
			return err
		}
		if must(c.Flags().GetBool("attach")) {
			if err := attachBill(c, reference, w, a, streams.Err); err != nil {
				return err
			}
		}
	}
	return complete(a)
}

// readArtifact reads what scan would.
func readArtifact(ctx context.Context, c *cobra.Command, reference string, streams Streams, p *progress) (*artifact.Artifact, error) {
	if isBill(reference) {
		return bill.New(billOptions(reference)).Artifact()
	}
	o, err := imageOptions(c, streams, p)
	if err != nil {
		return nil, err
	}
	o.Reference = reference
	p.begin("read")
	return image.Read(ctx, o)
}

func writeBill(wanted string, a *artifact.Artifact, stdout io.Writer) error {
	form, file, _ := strings.Cut(wanted, "=")
	write := func(w io.Writer) error {
		return sbom.Write(w, sbom.Format(form), a, sbom.Options{Version: version(), Symbols: true})
	}
	if file == "" {
		return write(stdout)
	}
	return writeFile(file, write)
}

// attachBill stores the bill with the image that it is about, by its digest, so
// that a tag which moves meanwhile does not get the bill of another image.
func attachBill(c *cobra.Command, reference, wanted string, a *artifact.Artifact, stderr io.Writer) error {
	form, _, _ := strings.Cut(wanted, "=")
	location, err := registry.Parse(artifact.CanonicalReference(strings.TrimPrefix(reference, "registry:")))
	if err != nil {
		return usageError(fmt.Errorf("--attach: %w", err), "attach to an image in a registry")
	}
	var content bytes.Buffer
	if err := sbom.Write(&content, sbom.Format(form), a, sbom.Options{Version: version()}); err != nil {
		return err
	}
	attached, err := attach.Attach(c.Context(), location.At(a.Digest), attach.Document{
		Content: content.Bytes(), MediaType: sbom.Format(form).MediaType(), Title: form + ".json", Created: a.Created,
	}, registryOptions(c))
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(stderr, "foil: attached %s\n", attached.Manifest)
	return nil
}

// complete tells what could not be read: a bill that holds less than there is
// must not look whole.
func complete(a *artifact.Artifact) error {
	if len(a.Gaps) == 0 {
		return nil
	}
	first := a.Gaps[0]
	return &exitError{code: CodeIncomplete, err: fmt.Errorf("incomplete: %s could not be read, first %s: %s", counted(len(a.Gaps), "thing", "things"), first.Path, first.Reason)}
}
