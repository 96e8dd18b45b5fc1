// Package kubetest gives tests a real Kubernetes.
//
// A test that wants a cluster for itself calls Start. Tests of one package that
// share one declare it and hand their TestMain to it:
//
//	var shared = kubetest.Share(kube.Options{})
//
//	func TestMain(m *testing.M) { os.Exit(shared.Run(m)) }
//
//	func TestScan(t *testing.T) {
//		cluster := shared.Cluster(t)
//		namespace := kubetest.Namespace(t, cluster)
//		...
//	}
//
// The shared cluster starts with the first test that asks for it and stops
// after the last. Where the machine cannot run a cluster, tests skip and say
// why; with the variable FOIL_REQUIRE_CLUSTER set, they fail instead, so that
// a CI job cannot pass without having run them. They also skip with -short.
package kubetest

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/machine"
)

// RequireVariable is the environment variable that turns skips into failures.
const RequireVariable = "FOIL_REQUIRE_CLUSTER"

// stopReserve is kept free before the test binary's deadline, to stop what was
// started and to report.
const stopReserve = 30 * time.Second

// Start starts a cluster for one test and stops it when the test ends.
func Start(t testing.TB, o kube.Options) *kube.Cluster {
	t.Helper()
	skipShort(t)
	c, err := start(t, o)
	if err != nil {
		giveUp(t, err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Errorf("stop the test cluster: %v", err)
		}
	})
	return c
}

// start shows progress at once: the first start builds Kubernetes and takes
// minutes.
func start(t testing.TB, o kube.Options) (*kube.Cluster, error) {
	ctx := context.Background()
	if d, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		if deadline, set := d.Deadline(); set {
			limited, cancel := context.WithDeadline(ctx, deadline.Add(-stopReserve))
			defer cancel()
			ctx = limited
		}
	}
	if o.Progress == nil {
		o.Progress = os.Stderr
	}
	return kube.Start(ctx, o)
}

func skipShort(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: a real cluster takes seconds to start; run without -short")
	}
}

// giveUp skips when the machine cannot run a cluster and fails otherwise.
func giveUp(t testing.TB, err error) {
	t.Helper()
	var missing *machine.Missing
	if errors.As(err, &missing) && os.Getenv(RequireVariable) == "" {
		t.Skipf("SKIPPED, this machine cannot run the test cluster: %v", err)
	}
	t.Fatalf("start the test cluster: %v", err)
}

// RequireMachine skips a test that starts clusters by itself on a machine that
// cannot run them.
func RequireMachine(t testing.TB, o kube.Options) {
	t.Helper()
	skipShort(t)
	if err := kube.Check(o); err != nil {
		giveUp(t, err)
	}
}
