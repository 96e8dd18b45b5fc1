package kube

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/foilsec/foil/test/cluster/binaries"
	"github.com/foilsec/foil/test/cluster/filelock"
	"github.com/foilsec/foil/test/cluster/process"
)

// portAttempts is how often a start is tried when another program takes a port
// between the moment it was found free and the moment it is needed.
const portAttempts = 3

// Start starts a cluster and returns when it is ready. When it fails or the
// context ends, nothing stays behind. A *machine.Missing error says that this
// machine cannot run the cluster, and what would help.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	if err := Check(o); err != nil {
		return nil, err
	}
	programs, err := binaries.Ensure(ctx, o.Progress, programsFor(o))
	if err != nil {
		return nil, err
	}
	if err := stopAbandoned(ctx, o.Progress); err != nil {
		return nil, err
	}
	dir, err := clusterFolder(o.Dir)
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, programs: programs, options: o}
	lock, err := c.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer lock.Release()
	if err := c.startOnFreePorts(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// clusterFolder makes the folder of a cluster and returns its absolute path.
func clusterFolder(dir string) (string, error) {
	if dir == "" {
		folder, err := Folder()
		if err != nil {
			return "", err
		}
		dir, err = os.MkdirTemp(folder, "test-")
		if err != nil {
			return "", fmt.Errorf("make the cluster's folder: %w", err)
		}
		return dir, nil
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return "", fmt.Errorf("make the cluster's folder: %w", err)
	}
	return dir, nil
}

// Folder returns the folder that clusters are put in when nothing else is
// said, and makes it.
func Folder() (string, error) {
	base, err := binaries.Base()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(base, "clusters")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("make the folder of clusters: %w", err)
	}
	return folder, nil
}

func lockFile(dir string) string { return filepath.Join(dir, "lock") }

func (c *Cluster) lock(ctx context.Context) (*filelock.Lock, error) {
	return filelock.Acquire(ctx, lockFile(c.dir), func() {
		fmt.Fprintf(c.options.Progress, "another process is starting or stopping the cluster in %s, waiting for it\n", c.dir)
	})
}

func (c *Cluster) startOnFreePorts(ctx context.Context) error {
	if err := c.begin(ctx); err != nil {
		return err
	}
	var err error
	for range portAttempts {
		if err = c.start(ctx); err == nil {
			return nil
		}
		err = errors.Join(err, c.undo())
		if !errors.Is(err, errPortTaken) {
			break
		}
		fmt.Fprintln(c.options.Progress, "another program took a port, trying others")
	}
	return errors.Join(err, removeTemporary(c.dir, c.state))
}

// begin refuses a folder with a running cluster, cleans up after a crashed one
// and takes over what a stopped one left: its ports and its network.
func (c *Cluster) begin(ctx context.Context) error {
	old, err := readState(c.dir)
	if err != nil {
		return err
	}
	if len(old.alive()) > 0 && !old.abandoned() {
		return fmt.Errorf("a cluster runs in %s already; stop it with: go run ./test/cluster down --dir %s", c.dir, c.dir)
	}
	if err := halt(ctx, c.dir, &old); err != nil {
		return err
	}
	c.state = state{
		Kubernetes: binaries.Version, Temporary: c.options.Dir == "", Node: c.options.Node,
		Network: old.Network, Ports: old.Ports,
	}
	if c.options.Detached {
		return nil
	}
	self, err := process.Self()
	c.state.Owner = &self
	return err
}

// undo ends what a failed start has started. The next attempt uses new ports.
func (c *Cluster) undo() error {
	c.stopBackground()
	err := halt(context.Background(), c.dir, &c.state)
	c.children = nil
	c.state.Ports = ports{}
	return err
}

// start brings everything up in the order in which the parts need each other.
func (c *Cluster) start(ctx context.Context) error {
	began := time.Now()
	steps := []func(context.Context) error{
		c.claimNetwork, c.choosePorts, c.writeCredentials, c.startControlPlane, c.startNode, c.startFakeNodes,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(c.options.Progress, "cluster ready after %.1f s\n", time.Since(began).Seconds())
	return nil
}

func (c *Cluster) choosePorts(context.Context) error {
	if !c.state.Ports.free(c.apiHost()) {
		fresh, err := newPorts()
		if err != nil {
			return err
		}
		c.state.Ports = fresh
	}
	return c.state.write(c.dir)
}

// apiHost is the address that the API server and the kubelet listen on. Pods
// cannot reach loopback, so with a node it is the machine's address on the pod
// bridge, which no route leads other machines to.
func (c *Cluster) apiHost() string {
	if c.state.Node {
		return c.state.Network.Gateway()
	}
	return loopback
}
