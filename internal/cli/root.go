package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
)

// Streams are where the command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Main runs foil with the arguments of the process and returns the exit code.
// The first interrupt cancels what runs; a second one ends the process.
func Main() Code {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() { <-ctx.Done(); stop() }()
	return Run(ctx, os.Args[1:], Streams{os.Stdin, os.Stdout, os.Stderr})
}

// Run runs foil with the given arguments and streams.
func Run(ctx context.Context, args []string, streams Streams) Code {
	silenceLibraries()
	root := newRoot(streams)
	root.SetArgs(args)
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	err := root.ExecuteContext(ctx)
	printError(streams.Err, err)
	return codeOf(err)
}

func printError(w io.Writer, err error) {
	switch {
	case err == nil || err.Error() == "":
		return
	case errors.Is(err, context.Canceled):
		_, _ = fmt.Fprintln(w, "foil: interrupted")
		return
	}
	_, _ = fmt.Fprintf(w, "foil: %v\n", err)
	var exit *exitError
	if errors.As(err, &exit) && exit.hint != "" {
		_, _ = fmt.Fprintf(w, "foil: %s\n", exit.hint)
	}
}

func newRoot(streams Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "foil",
		Short: "Find what an attacker could use in a Kubernetes estate, and the changes that take the most away",
		Long: `foil reads manifests, charts and live clusters, and prints one ranked queue:
the changes that take the most away from an attacker, with the reason, the
evidence and the fix.

  foil scan examples/burrito-shop     a folder of manifests, charts, kustomizations
  foil scan cluster                   the cluster of the current kubeconfig
  foil scan . --fail-on high          guard a pull request
  foil fix .                          show the diff that removes findings
  foil image verify nginx:1.29        say who signed an image

Exit codes: 0 clean, 1 could not run, 2 gate failed, 3 something could not be
read or evaluated, 4 wrong usage. Every flag is also a key of .foil.yaml and a
variable FOIL_NAME.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownVerb,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
		Version:       version(),
		// How many letters a verb may differ from one that is suggested.
		SuggestionsMinimumDistance: 2,
	}
	root.SetVersionTemplate("foil {{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError(err, "see "+c.CommandPath()+" --help")
	})
	root.PersistentFlags().String("config", "", "configuration file (default: .foil.yaml in the current folder, if it is there)")
	root.PersistentFlags().String("lang", "", "language of the output: en or zh (default: from LC_ALL, LC_MESSAGES and LANG)")
	root.AddCommand(newAccess(streams), newScan(streams), newFix(streams), newImage(streams), newSnapshot(streams), newRules(streams), newDB(streams))
	return root
}

// knownVerb refuses what is no verb.
func knownVerb(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "see foil --help"
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean foil " + near[0] + "?"
	}
	return usageError(fmt.Errorf("unknown command %q", args[0]), hint)
}

// version is the version of the module that the binary was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
