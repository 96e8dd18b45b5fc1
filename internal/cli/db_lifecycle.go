package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/feed/eol"
)

func newDBLifecycle(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "lifecycle [DIR|FILE|URL]",
		Short: "Renew what is known of the end of support of products",
		Long: `Lifecycle takes in data of the shape of endoflife.date and keeps it in the user's
cache folder, where it takes the place of the copy that is built in. Without an
argument it is fetched from endoflife.date.`,
		Example: `  foil db lifecycle
  foil db lifecycle ./products`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return runDBLifecycle(c, args, streams) },
	}
	return c
}

func runDBLifecycle(c *cobra.Command, args []string, streams Streams) error {
	from := eol.API
	if len(args) == 1 {
		from = args[0]
	}
	path, err := eol.Default()
	if err != nil {
		return err
	}
	stamp, err := eol.ImportTo(c.Context(), eol.Request{From: from, Now: time.Now()}, path)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(streams.Out, "%s: %d products, %d cycles, made %s\n", path, stamp.Products, stamp.Cycles, stamp.Made)
	return nil
}
