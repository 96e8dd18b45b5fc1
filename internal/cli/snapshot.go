package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/source/snapshot"
)

func newSnapshot(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "snapshot [PATH...|cluster] -o FILE",
		Short: "Save what a scan would read, to look at it later or elsewhere",
		Long: `Snapshot reads a target and saves it as one compressed file. Every command takes
such a file as its target. Values of Secrets are never read, so none are saved.`,
		Example: `  foil snapshot cluster -o today.foil
  foil scan today.foil`,
		RunE: func(c *cobra.Command, args []string) error { return runSnapshot(c, args, streams) },
	}
	addTargetFlags(c)
	c.Flags().StringP("output", "o", "", "the file to write")
	return c
}

func runSnapshot(c *cobra.Command, args []string, streams Streams) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	file := must(c.Flags().GetString("output"))
	if file == "" {
		return usageError(errors.New("no file to write"), "give one with -o")
	}
	p := newProgress(streams.Err)
	defer p.end()
	t, err := newTarget(c, args, streams, p)
	if err != nil {
		return err
	}
	s, err := pipeline.Collect(c.Context(), t.source, p.begin)
	if err != nil {
		return err
	}
	err = snapshot.Write(file, s, snapshot.Info{FoilVersion: version(), CreatedAt: time.Now(), Target: t.Kind + " " + t.Name})
	if err != nil {
		return err
	}
	p.end()
	_, _ = fmt.Fprintf(streams.Out, "%s: %d objects\n", file, s.Len())
	if gaps := s.Gaps(); len(gaps) > 0 {
		for _, g := range gaps {
			_, _ = fmt.Fprintf(streams.Err, "not read: %s: %s\n", g.Subject, g.Reason)
		}
		return &exitError{code: CodeIncomplete, err: fmt.Errorf("incomplete: %s could not be read", counted(len(gaps), "thing", "things"))}
	}
	return nil
}
