package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/process"
)

// fakePodsVerb is what `up --fake-nodes` runs itself as in the background; it
// is not offered to users.
const fakePodsVerb = "run-fake-pods"

func fakePods(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet(fakePodsVerb, flag.ContinueOnError)
	dirOf := dirFlag(flags)
	if err := parse(flags, args); err != nil {
		return err
	}
	dir, err := dirOf()
	if err != nil {
		return err
	}
	c, err := kube.Open(dir, os.Stderr)
	if err != nil {
		return err
	}
	c.RunFakePods(ctx)
	return nil
}

// runFakePodsBeside starts this program once more, so that pods of fake nodes
// keep running after `up` has returned. `go run` removes the program's file
// then, which a running program does not mind.
func runFakePodsBeside(ctx context.Context, c *kube.Cluster) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	return c.RunBeside(ctx, process.Command{Name: "fake-pods", Path: self, Args: []string{fakePodsVerb, "--dir", c.Dir()}})
}
