package kube

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/foilsec/foil/test/cluster/process"
)

const (
	// readyLimit is generous: a loaded machine needs many times what an idle
	// one needs, and a program that fails ends by itself long before.
	readyLimit = 3 * time.Minute
	tailLines  = 30
)

var (
	errEnded     = errors.New("it ended")
	errPortTaken = errors.New("its port is taken by another program")
)

// launch starts a program, remembers it and waits until it is ready.
func (c *Cluster) launch(ctx context.Context, cmd process.Command, ready func(context.Context) error) error {
	began := time.Now()
	cmd.Log = c.Log(cmd.Name)
	cmd.DieWithParent = !c.options.Detached
	if err := os.MkdirAll(filepath.Dir(cmd.Log), 0o700); err != nil {
		return fmt.Errorf("make the folder of logs: %w", err)
	}
	child, err := process.Start(cmd)
	if err != nil {
		return err
	}
	c.children = append(c.children, child)
	c.state.Processes = append(c.state.Processes, child.Record)
	if err := c.state.write(c.dir); err != nil {
		return err
	}
	if err := await(ctx, child, ready); err != nil {
		return explain(child, err)
	}
	fmt.Fprintf(c.options.Progress, "%-24s ready after %.1f s\n", cmd.Name, time.Since(began).Seconds())
	return nil
}

// explain adds the end of the program's log to the reason of a failure.
func explain(child *process.Child, err error) error {
	tail := process.Tail(child.Log, tailLines)
	if errors.Is(err, errEnded) && strings.Contains(tail, "address already in use") {
		err = errPortTaken
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("start %s: %w", child.Name, err)
	}
	return fmt.Errorf("start %s: %w; the last lines of %s:\n%s", child.Name, err, child.Log, tail)
}

// await polls until the program is ready.
func await(ctx context.Context, child *process.Child, ready func(context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	for {
		err := ready(limited)
		if err == nil {
			return nil
		}
		select {
		case <-child.Ended():
			return errEnded
		case <-ctx.Done():
			return ctx.Err()
		case <-limited.Done():
			return fmt.Errorf("not ready after %s: %w", readyLimit, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// poll calls ready until it succeeds, for what no single program answers for.
func poll(ctx context.Context, ready func(context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	for {
		err := ready(limited)
		if err == nil {
			return nil
		}
		select {
		case <-limited.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// RunBeside starts one more program and makes it part of the cluster: it is
// shown and stopped with the others.
func (c *Cluster) RunBeside(ctx context.Context, cmd process.Command) error {
	lock, err := c.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Release()
	return c.launch(ctx, cmd, func(context.Context) error { return nil })
}
