package cli

import (
	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/image/verify"
)

func newImageListSignatures(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "list-signatures IMAGE...",
		Short: "List the signatures and signed statements on images, verified or not",
		Long: `List-signatures shows what is stored with images: signatures of Notation and of
Cosign, and signed statements such as bills of materials. It verifies none: what
a signature says of its signer may be a lie. Use foil image verify to know.`,
		Example: "  foil image list-signatures registry.example/shop/kitchen:1.4",
		Args:    arguments(cobra.MinimumNArgs(1)),
		RunE:    func(c *cobra.Command, args []string) error { return runImageListSignatures(c, args, streams) },
	}
	addLocationFlags(c)
	return c
}

func runImageListSignatures(c *cobra.Command, args []string, streams Streams) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	list, err := locations(c, args)
	if err != nil {
		return err
	}
	v, err := verify.New(verify.Options{Registry: registryOptions(c)})
	if err != nil {
		return err
	}
	results, err := eachImage(list, func(l registry.Location) (trust.Result, error) { return v.List(c.Context(), l) })
	if err != nil {
		return err
	}
	if err := printResults(c, streams, results); err != nil {
		return err
	}
	return verdictOf(onlyUnread(results))
}

// onlyUnread keeps the results of images that could not be read: a listing
// judges nothing else.
func onlyUnread(results []trust.Result) []trust.Result {
	var list []trust.Result
	for i := range results {
		if results[i].State == trust.Unchecked || results[i].State == trust.NotTrusted {
			list = append(list, results[i])
		}
	}
	return list
}
