package kube_test

import (
	"os"
	"strings"
	"testing"

	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/kubetest"
	"github.com/foilsec/foil/test/cluster/process"
)

// shared is the cluster of those tests that do not stop theirs.
var shared = kubetest.Share(kube.Options{FakeNodes: 2, Audit: &kube.Audit{}})

func TestMain(m *testing.M) {
	if os.Getenv(abandonVariable) != "" {
		abandonCluster()
	}
	os.Exit(shared.Run(m))
}

// requireNothingLeft fails when a process of a cluster still runs: all of them
// have the cluster's folder in their command line.
func requireNothingLeft(t *testing.T, dir string) {
	t.Helper()
	left, err := process.Family(func(args []string) bool {
		return strings.Contains(strings.Join(args, " "), dir)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range left {
		t.Errorf("process %d of the cluster in %s still runs", p.PID, dir)
	}
}

func requireContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("missing %q in:\n%s", part, text)
		}
	}
}
