// Command run times whole foil commands and compares them with a reference:
//
//	go run ./bench/run                    # build foil, time every command
//	go run ./bench/run --only burrito     # some of them
//	go run ./bench/run --old ./foil-main  # this tree against another binary
//	go run ./bench/run --update           # make today's figures the reference
//
// CPU time is given as a ratio to a fixed piece of work that this process does
// beside each run, so that figures of different machines can be compared.
// Inputs are generated into a temporary folder and removed at the end; the only
// file it writes for good is bench/reference.json, with --update.
//
// Exit codes: 0 done, 1 something could not run, 2 slower than --fail-above.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

// errTooSlow is the one error that is a verdict and no fault.
var errTooSlow = errors.New("slower than the reference allows")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return
	case errors.Is(err, errTooSlow):
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings are the flags.
type settings struct {
	runs      int
	only      string
	binary    string
	old       string
	update    bool
	failAbove float64
}

func parse(args []string, help io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("bench/run", flag.ContinueOnError)
	flags.SetOutput(help)
	flags.IntVar(&s.runs, "runs", 5, "how often each command is run")
	flags.StringVar(&s.only, "only", "", "time only commands whose name contains this")
	flags.StringVar(&s.binary, "bin", "", "time this binary instead of building ./cmd/foil")
	flags.StringVar(&s.old, "old", "", "compare with this binary, run by run, instead of with the reference")
	flags.BoolVar(&s.update, "update", false, "write the figures to the reference")
	flags.Float64Var(&s.failAbove, "fail-above", 0, "exit 2 if a command needs more than this many times the reference's CPU")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q: every option is a flag", flags.Arg(0))
	case s.runs < 1:
		return s, fmt.Errorf("--runs %d: give at least 1", s.runs)
	case s.old != "" && (s.update || s.failAbove > 0):
		return s, errors.New("--old compares two binaries; the reference takes no part, leave --update and --fail-above out")
	}
	return s, nil
}

func run(ctx context.Context, args []string) error {
	s, err := parse(args, os.Stderr)
	if err != nil {
		return err
	}
	chosen, err := choose(s.only)
	if err != nil {
		return err
	}
	space, err := newWorkspace(ctx)
	if err != nil {
		return err
	}
	defer space.remove()
	binary, err := space.foil(ctx, s.binary)
	if err != nil {
		return err
	}
	if s.old != "" {
		return runPaired(ctx, os.Stdout, space, chosen, s.old, binary, s.runs)
	}
	return runAgainstReference(ctx, os.Stdout, space, chosen, binary, s)
}
