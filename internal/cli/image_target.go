package cli

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/cache"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/source/image"
	"github.com/foilsec/foil/internal/source/image/catalog/builtin"
	"github.com/foilsec/foil/internal/source/sbom"
)

// addImageFlags declares the flags that say how images are read.
func addImageFlags(c *cobra.Command) {
	f := c.Flags()
	f.String("platform", "", "which image of several, as linux/arm64 (default: Linux on this processor)")
	f.String("layers", "squashed", "what of an image counts: squashed (what a container sees) or all (also what later layers removed)")
	f.Bool("insecure-registry", false, "reach registries without TLS, not only those on this machine")
	f.StringArray("registry-mirror", nil, "HOST=MIRROR: ask a mirror before the registry itself (repeatable)")
	f.Bool("no-layer-cache", false, "read every layer anew, and keep nothing")
}

// billSchemes are the words before a bill of materials or package URLs.
var billSchemes = []string{"sbom", "purl", "pkg"}

// isImage reports whether an argument of scan means an image, a root folder, a
// program, a bill of materials or package URLs.
func isImage(argument string) bool {
	scheme, _, found := strings.Cut(argument, ":")
	if found && (slices.Contains(image.Schemes(), image.Scheme(scheme)) || slices.Contains(billSchemes, scheme)) {
		return true
	}
	info, err := os.Stat(argument)
	switch {
	case argument == "-" || argument == clusterTarget:
		return false
	case err != nil:
		return looksLikeReference(argument)
	case info.IsDir():
		return isImageFolder(argument)
	}
	return isImageFile(argument)
}

// looksLikeReference tells an image that is in a registry from a path that is
// misspelt.
func looksLikeReference(argument string) bool {
	if strings.HasPrefix(argument, ".") || strings.HasPrefix(argument, "/") || strings.HasPrefix(argument, "~") {
		return false
	}
	switch strings.ToLower(filepath.Ext(argument)) {
	case ".yaml", ".yml", ".json", ".tar", ".tgz", ".gz", ".foil":
		return false
	}
	return strings.ContainsAny(argument, ":@") || strings.Contains(argument, "/") && strings.Contains(strings.SplitN(argument, "/", 2)[0], ".")
}

// isImageFolder knows OCI layouts and the roots of file systems.
func isImageFolder(path string) bool {
	for _, sign := range []string{"oci-layout", "etc/os-release", "usr/lib/os-release", "var/lib/dpkg/status", "lib/apk/db/installed"} {
		if _, err := os.Lstat(filepath.Join(path, sign)); err == nil {
			return true
		}
	}
	return false
}

const headSize = 4096

func isImageFile(path string) bool {
	head, err := headOf(path)
	if err != nil {
		return false
	}
	switch {
	case strings.HasPrefix(string(head), "\x7fELF"):
		return true
	case strings.HasPrefix(string(head), "\x1f\x8b"):
		return isImageArchive(path)
	case len(head) > 262 && string(head[257:262]) == "ustar", strings.HasPrefix(string(head), "\x28\xb5\x2f\xfd"):
		return true
	}
	return sbom.Sniff(head)
}

func headOf(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return head[:n], nil
}

// isImageArchive tells an archive of an image from a packed chart.
func isImageArchive(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // it was only read
	z, err := gzip.NewReader(f)
	if err != nil {
		return false
	}
	const enough = 20
	t := tar.NewReader(io.LimitReader(z, 1<<20))
	for range enough {
		h, err := t.Next()
		if err != nil {
			return false
		}
		name := strings.TrimPrefix(h.Name, "./")
		if name == "manifest.json" || name == "oci-layout" || name == "index.json" || strings.HasPrefix(name, "blobs/") {
			return true
		}
	}
	return false
}

// useImage makes the target an image, or a bill of materials.
func (t *target) useImage(c *cobra.Command, streams Streams, p *progress) error {
	reference := t.paths[0]
	if isBill(reference) {
		t.useBill(reference)
		return nil
	}
	o, err := imageOptions(c, streams, p)
	if err != nil {
		return err
	}
	o.Reference = reference
	t.source = image.New(o)
	t.Target, t.holdsImages, t.mayHoldImages = report.Target{Kind: "image", Name: reference}, true, true
	return nil
}

func (t *target) useBill(reference string) {
	o, kind := billOptions(reference), "bill"
	if o.PURL != "" {
		kind = "packages"
	}
	t.source = sbom.New(o)
	t.Target, t.holdsImages, t.mayHoldImages = report.Target{Kind: kind, Name: reference}, true, true
}

// billOptions say where a bill is, or what package URL is meant.
func billOptions(reference string) sbom.Options {
	switch {
	case strings.HasPrefix(reference, "pkg:"):
		return sbom.Options{PURL: reference}
	case strings.HasPrefix(reference, "purl:pkg:"):
		return sbom.Options{PURL: strings.TrimPrefix(reference, "purl:")}
	}
	return sbom.Options{Path: strings.TrimPrefix(strings.TrimPrefix(reference, "purl:"), "sbom:")}
}

// isBill tells bills of materials and package URLs from images.
func isBill(reference string) bool {
	scheme, _, found := strings.Cut(reference, ":")
	if found && slices.Contains(billSchemes, scheme) {
		return true
	}
	info, err := os.Stat(reference)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	head, err := headOf(reference)
	return err == nil && sbom.Sniff(head)
}

// addRunningImages makes the images that workloads run a part of the target, if
// the user asks for that.
func (t *target) addRunningImages(c *cobra.Command, streams Streams, p *progress) error {
	if !must(c.Flags().GetBool("images")) {
		return nil
	}
	o, err := imageOptions(c, streams, p)
	if err != nil {
		return err
	}
	o.Progress = nil // several are read at a time
	t.mayHoldImages = true
	t.source = pipeline.RunningImages{
		Source: t.source, Now: time.Now(), Progress: p.files,
		Read: func(ctx context.Context, reference string) (*artifact.Artifact, error) {
			one := o
			one.Reference = string(image.RegistryName) + ":" + reference
			return image.Read(ctx, one)
		},
	}
	return nil
}

// imageOptions are the flags about images.
func imageOptions(c *cobra.Command, streams Streams, p *progress) (image.Options, error) {
	f := c.Flags()
	o := image.Options{
		Stdin: streams.In, Platform: must(f.GetString("platform")), Catalog: builtin.New(), Complete: sbom.Embed,
		Registry: image.Registry{PlainHTTP: must(f.GetBool("insecure-registry"))}, Workers: must(f.GetInt("workers")),
		Progress: func(now image.Progress) { p.layers(now.Done, now.Layers, now.Bytes, now.Total) },
	}
	switch layers := must(f.GetString("layers")); layers {
	case "squashed":
	case "all":
		o.Scope = image.AllLayers
	default:
		return o, usageError(fmt.Errorf("--layers: %q is neither squashed nor all", layers), "")
	}
	var err error
	if o.Registry.Mirrors, err = mirrors(must(f.GetStringArray("registry-mirror"))); err != nil {
		return o, usageError(err, "")
	}
	if must(f.GetBool("no-layer-cache")) {
		return o, nil
	}
	layers, err := layerCache(must(f.GetString("cache")))
	if layers != nil {
		o.Cache = layers
	}
	return o, err
}

// mirrors reads HOST=MIRROR, those of one host in their order.
func mirrors(pairs []string) (map[string][]string, error) {
	list := map[string][]string{}
	for _, pair := range pairs {
		host, mirror, found := strings.Cut(pair, "=")
		if !found || host == "" || mirror == "" {
			return nil, fmt.Errorf("--registry-mirror: %q is not HOST=MIRROR", pair)
		}
		list[host] = append(list[host], mirror)
	}
	return list, nil
}

// layerCache is the named folder, or one in the user's cache. Where there is
// none, as for a user without a home, nothing is kept.
func layerCache(named string) (*cache.Folder, error) {
	if named != "" {
		return cache.Open(named)
	}
	home, err := os.UserCacheDir()
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // nobody asked for it
	}
	folder, err := cache.Open(filepath.Join(home, "foil", "layers"))
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // nobody asked for it
	}
	folder.Sweep(time.Now())
	return folder, nil
}
