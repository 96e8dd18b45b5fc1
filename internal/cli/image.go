package cli

import "github.com/spf13/cobra"

// newImage is the command of verbs on single images.
func newImage(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "image",
		Short: "Work on single images: sign them, verify signatures, and more",
		Args:  arguments(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(imageVerbs(streams)...)
	return c
}

// imageVerbs are the verbs on images, in the order of the alphabet.
func imageVerbs(streams Streams) []*cobra.Command {
	return []*cobra.Command{
		newImageAdvise(streams),
		newImageHarden(streams),
		newImageListSignatures(streams),
		newImageSBOM(streams),
		newImageSign(streams),
		newImageVerify(streams),
		newHardenStage(streams),
	}
}
