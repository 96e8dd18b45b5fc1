package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/feed/eol"
	"github.com/foilsec/foil/internal/image/advice"
)

func newImageAdvise(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "advise TARGET",
		Short: "Name better bases for an image: supported, current, slimmer, bare",
		Long: `Advise looks at the base of an image and names others to build on: a release that
is still supported, the latest of the same release, a variant with less in it, a
base without a distribution. Nothing is built or fetched but the image itself.`,
		Example: `  foil image advise nginx:1.19
  foil image advise shop.tar -o json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return runImageAdvise(c, args[0], streams) },
	}
	addImageFlags(c)
	c.Flags().String("cache", "", "folder in which results of layers are kept (default: in the user's cache folder)")
	c.Flags().Int("workers", 0, "how many layers are read at a time (default: two)")
	c.Flags().StringP("output", "o", "text", "form of the output: text, json")
	return c
}

func runImageAdvise(c *cobra.Command, reference string, streams Streams) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	l, err := language(c)
	if err != nil {
		return err
	}
	asked, err := asJSON(c)
	if err != nil {
		return err
	}
	data, err := eol.Find("")
	if err != nil {
		return err
	}
	p := newProgress(streams.Err)
	defer p.end()
	a, err := readArtifact(c.Context(), c, reference, streams, p)
	if err != nil {
		return err
	}
	p.end()
	list, err := advice.For(a, advice.Options{Data: data, Now: time.Now()})
	if err != nil {
		return err
	}
	if asked {
		return printJSON(streams.Out, list)
	}
	if len(list) == 0 {
		_, _ = fmt.Fprintf(streams.Err, "foil: nothing to advise on the base of %s: it is current, or not known\n", reference)
	}
	for _, one := range list {
		_, _ = fmt.Fprintf(streams.Out, "%s → %s\n  %s\n", one.Base, one.Instead, one.Reason.In(l))
	}
	return nil
}
