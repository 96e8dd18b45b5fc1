package cli

import "github.com/spf13/cobra"

// newAccess is the command of questions about who may do what.
func newAccess(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "access",
		Short: "Answer who may do what",
		Args:  arguments(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newAccessWhoCan(streams))
	return c
}
