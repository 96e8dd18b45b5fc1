// Package kube starts and stops a real Kubernetes for tests: etcd, API server,
// controller manager and scheduler, and on request a real node or fake ones.
//
// Most tests want package kubetest, which wraps this one. Start returns when
// the cluster is ready for use; Kubeconfig names the file to reach it with and
// Stop ends it. Everything of a cluster is in one folder: keys, data, logs and
// the ids of its processes, so that a later process can Open and Stop it.
//
// Servers listen on loopback, or with a node on the machine's address of the
// pod bridge, and on ports that were free. There is no kube-proxy and no DNS:
// of all services only the API server's works inside pods. Keys protect the
// test cluster alone; nothing here is meant for production.
package kube

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"sync"

	"github.com/foilsec/foil/test/cluster/binaries"
	"github.com/foilsec/foil/test/cluster/machine"
	"github.com/foilsec/foil/test/cluster/process"
)

const loopback = "127.0.0.1"

// Cluster is one running cluster. Its methods may be called at the same time.
type Cluster struct {
	dir      string
	programs string
	options  Options
	// state is only changed while the cluster starts.
	state    state
	children []*process.Child
	api      *api

	background    sync.WaitGroup
	endBackground context.CancelFunc
}

// Open returns the cluster that another process started in the folder. What
// goes on later is told to progress.
func Open(dir string, progress io.Writer) (*Cluster, error) {
	s, err := readState(dir)
	if err != nil {
		return nil, err
	}
	if len(s.alive()) == 0 {
		return nil, fmt.Errorf("no cluster runs in %s; start one with: go run ./test/cluster up --dir %s", dir, dir)
	}
	base, err := binaries.Base()
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, programs: binaries.Folder(base), options: Options{Progress: progress}, state: s}
	return c, c.connect()
}

// Dir returns the cluster's folder.
func (c *Cluster) Dir() string { return c.dir }

// Kubeconfig returns the path of the administrator's kubeconfig file.
func (c *Cluster) Kubeconfig() string { return filepath.Join(c.dir, "kubeconfig") }

// KubectlPath returns the path of a kubectl of the cluster's version.
func (c *Cluster) KubectlPath() string { return filepath.Join(c.programs, "kubectl") }

// AuditLog returns the path of the audit log, one JSON event a line. It exists
// only when the options asked for it.
func (c *Cluster) AuditLog() string { return filepath.Join(c.dir, "audit.log") }

// Log returns the path of a program's log, for example of kube-apiserver.
func (c *Cluster) Log(program string) string {
	return filepath.Join(c.dir, "logs", program+".log")
}

// ProcessID returns the process id of one of the cluster's programs, or 0.
func (c *Cluster) ProcessID(program string) int {
	for _, p := range c.state.Processes {
		if p.Name == program {
			return p.PID
		}
	}
	return 0
}

// Wait blocks until the context ends, and returns nil then, or until one of
// the programs that this process started ends, and returns an error that says
// which and how.
func (c *Cluster) Wait(ctx context.Context) error {
	ended := make(chan *process.Child, len(c.children))
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	for _, child := range c.children {
		go func() {
			select {
			case <-child.Ended():
				ended <- child
			case <-waiting.Done():
			}
		}()
	}
	select {
	case child := <-ended:
		return fmt.Errorf("%s ended; the last lines of %s:\n%s", child.Name, child.Log, process.Tail(child.Log, tailLines))
	case <-ctx.Done():
		return nil
	}
}

// Check returns a *machine.Missing when this machine lacks what a cluster with
// these options needs, apart from the Kubernetes programs.
func Check(o Options) error { return machine.Check(o.Node) }

func programsFor(o Options) []string {
	if o.Node {
		return binaries.Node()
	}
	return binaries.ControlPlane()
}
