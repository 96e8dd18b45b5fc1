// Command cluster starts and stops a real Kubernetes for tests.
//
//	go run ./test/cluster up
//
// It is a thin door to package kube: every verb parses its flags, calls one or
// two functions there and prints. It is a developers' tool and no part of the
// product.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/foilsec/foil/test/cluster/kube"
)

const usage = `usage: go run ./test/cluster VERB [flags]

  up      start a cluster; it runs in the background until down
  down    stop a cluster
  status  show clusters
  build   only build the Kubernetes programs

Each verb explains its flags with -h.
`

// Exit codes: the machine cannot run it or it failed, and wrong usage.
const (
	exitFailed = 1
	exitUsage  = 4
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	var wrong *usageError
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return
	case errors.As(err, &wrong):
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(exitUsage)
	default:
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(exitFailed)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		fmt.Fprint(os.Stderr, usage)
		return &usageError{"no verb given"}
	}
	switch verb, rest := args[0], args[1:]; verb {
	case "up":
		return up(ctx, rest)
	case "down":
		return down(ctx, rest)
	case "status":
		return status(rest)
	case "build":
		return build(ctx, rest)
	case fakePodsVerb:
		return fakePods(ctx, rest)
	case "-h", "--help", "help":
		fmt.Print(usage)
		return nil
	default:
		fmt.Fprint(os.Stderr, usage)
		return &usageError{"unknown verb " + verb}
	}
}

// usageError is a mistake on the command line.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

// parse reads a verb's flags; no verb takes arguments beside them.
func parse(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return &usageError{err.Error()}
	}
	if flags.NArg() > 0 {
		return &usageError{fmt.Sprintf("unexpected argument %q", flags.Arg(0))}
	}
	return nil
}

// dirFlag defines --dir and returns a function that gives its absolute value.
func dirFlag(flags *flag.FlagSet) func() (string, error) {
	dir := flags.String("dir", "", "folder of the cluster; one cluster per folder (default: a folder in the user's cache)")
	return func() (string, error) {
		if *dir != "" {
			return filepath.Abs(*dir)
		}
		folder, err := kube.Folder()
		return filepath.Join(folder, "default"), err
	}
}
