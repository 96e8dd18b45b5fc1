package kube

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/foilsec/foil/test/cluster/filelock"
	"github.com/foilsec/foil/test/cluster/node"
)

// stopGrace is how long a program may take to end by itself. The API server
// finishes the requests that it has accepted.
const stopGrace = 20 * time.Second

// Stop ends the cluster and waits until all of its processes are gone. The
// folder stays for another start, unless Start had made it.
func (c *Cluster) Stop() error {
	c.stopBackground()
	return Stop(context.Background(), c.dir)
}

// Stop ends the cluster in a folder, whoever started it; a folder without a
// running cluster is no error.
func Stop(ctx context.Context, dir string) error {
	// Every start makes the lock file first; a folder without one is left as
	// it is.
	if _, err := os.Stat(lockFile(dir)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	lock, err := filelock.Acquire(ctx, lockFile(dir), nil)
	if err != nil {
		return err
	}
	defer lock.Release()
	s, err := readState(dir)
	if err != nil {
		return err
	}
	if err := halt(ctx, dir, &s); err != nil {
		return err
	}
	return removeTemporary(dir, s)
}

// halt ends the processes, the last started first, so that none loses what it
// depends on, and removes what a node left on the machine.
func halt(ctx context.Context, dir string, s *state) error {
	if len(s.Processes) == 0 && !s.Claimed {
		return nil
	}
	var failures []error
	for _, p := range slices.Backward(s.Processes) {
		if p.Name == "containerd" && p.Alive() {
			// A containerd that is ending by itself may not answer any more;
			// what it leaves is ended by force below.
			_ = endContainers(ctx, dir)
		}
		failures = append(failures, p.Stop(ctx, stopGrace))
	}
	if s.Claimed {
		failures = append(failures, node.Clean(ctx, nodeFolder(dir), s.Network))
	}
	if err := errors.Join(failures...); err != nil {
		return fmt.Errorf("stop the cluster in %s: %w", dir, err)
	}
	s.Processes, s.Claimed, s.Owner = nil, false, nil
	return s.write(dir)
}

func endContainers(ctx context.Context, dir string) error {
	layout, err := node.NewLayout(nodeFolder(dir))
	if err != nil {
		return err
	}
	return node.EndContainers(ctx, layout)
}

func removeTemporary(dir string, s state) error {
	if !s.Temporary {
		return nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove the cluster's folder: %w", err)
	}
	return nil
}

func (c *Cluster) stopBackground() {
	if c.endBackground != nil {
		c.endBackground()
	}
	c.background.Wait()
}

// abandoned reports whether the process that should have stopped the cluster
// ended without doing so.
func (s *state) abandoned() bool { return s.Owner != nil && !s.Owner.Alive() }

// stopAbandoned stops the clusters of test runs that were ended by force.
// Their processes end with the test, but what a node leaves on the machine
// does not. What cannot be cleaned up is told and does not keep anybody from
// starting another cluster.
func stopAbandoned(ctx context.Context, progress io.Writer) error {
	dirs, err := Dirs()
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		s, err := readState(dir)
		if err != nil || !s.abandoned() {
			continue
		}
		fmt.Fprintf(progress, "cleaning up after an aborted test: %s\n", dir)
		if err := Stop(ctx, dir); err != nil {
			fmt.Fprintf(progress, "clean-up failed: %v\n", err)
		}
	}
	return nil
}

// Dirs returns the folders of all clusters that were put where clusters are
// put when nothing else is said.
func Dirs() ([]string, error) {
	folder, err := Folder()
	if err != nil {
		return nil, err
	}
	states, err := filepath.Glob(stateFile(filepath.Join(folder, "*")))
	if err != nil {
		return nil, fmt.Errorf("list clusters: %w", err)
	}
	var dirs []string
	for _, s := range states {
		dirs = append(dirs, filepath.Dir(s))
	}
	return dirs, nil
}
