package kubetest

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/foilsec/foil/test/cluster/kube"
)

// Shared is a cluster that the tests of one package share.
type Shared struct {
	options kube.Options

	mu      sync.Mutex
	running bool // whether Run was called, which alone stops the cluster
	tried   bool
	cluster *kube.Cluster
	err     error
}

// Share describes a cluster to share; it starts with the first use.
func Share(o kube.Options) *Shared { return &Shared{options: o} }

// Run runs the tests and stops the cluster afterwards. It returns the exit
// code for os.Exit. The argument is a *testing.M.
func (s *Shared) Run(m interface{ Run() int }) int {
	s.mu.Lock()
	s.running = true
	s.mu.Unlock()
	code := m.Run()

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cluster == nil {
		return code
	}
	if err := s.cluster.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop the shared test cluster:", err)
		return max(code, 1)
	}
	return code
}

// Cluster returns the shared cluster and starts it when it is the first to
// ask. When the start failed once, it is not tried again.
func (s *Shared) Cluster(t testing.TB) *kube.Cluster {
	t.Helper()
	skipShort(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.running {
		t.Fatal("the shared cluster would never be stopped; add: func TestMain(m *testing.M) { os.Exit(shared.Run(m)) }")
	}
	if !s.tried {
		s.tried = true
		s.cluster, s.err = start(t, s.options)
	}
	if s.err != nil {
		giveUp(t, s.err)
	}
	return s.cluster
}
