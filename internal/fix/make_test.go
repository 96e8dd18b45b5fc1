package fix_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix"
	"github.com/foilsec/foil/internal/graph"
)

// noFiles is what the objects of a cluster come with.
type noFiles struct{}

func (noFiles) ReadFile(string) ([]byte, error) { return nil, fs.ErrNotExist }

func (noFiles) Contains(string) bool { return false }

func (noFiles) Read(context.Context, string, map[string][]byte) ([]graph.Value, error) {
	return nil, errors.New("nothing to read")
}

// sameAlways finds the same faults in every snapshot.
type sameAlways struct {
	noFiles
	findings []finding.Finding
	err      error
}

func (s sameAlways) Judge(context.Context, *graph.Snapshot) ([]finding.Finding, error) {
	return s.findings, s.err
}

func fault(rule string, node graph.NodeID, fixes ...finding.Fix) finding.Finding {
	return finding.Finding{Rule: rule, Node: node, Fixes: fixes, Fingerprint: finding.NewFingerprint(rule, node, "")}
}

// TestClusterGetsPatches fixes objects that were read from no file.
func TestClusterGetsPatches(t *testing.T) {
	b := &graph.Builder{}
	for n := range facttest.Snapshot(t, `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: a, image: x}]}}}
`).Nodes() {
		node := *n
		node.Object, node.Provenance = withoutPositions(t, n.Object), graph.Provenance{Source: "cluster"}
		b.AddNode(node)
	}
	const id = "k8s:apps/Deployment:shop/web"
	todo := []finding.Finding{
		fault("privileged", id, finding.Fix{Operation: finding.Set, Path: "spec.template.spec.containers[0].securityContext.privileged", Value: "false"}),
		fault("policy", id, finding.Fix{Operation: finding.Create, Value: "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\n"}),
		fault("enforce", id, finding.Fix{Operation: finding.Set, Node: "k8s:Namespace:shop", Path: `metadata.labels["pod-security.kubernetes.io/enforce"]`, Value: "baseline"}),
	}
	plan, err := fix.Make(context.Background(), fix.Request{
		Snapshot: b.Snapshot(), Findings: todo, Files: noFiles{}, Scan: sameAlways{findings: todo},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !plan.Empty() || len(plan.Fixed) > 0 || len(plan.Skipped) != len(todo) {
		t.Errorf("plan: %+v", plan)
	}
	for _, s := range plan.Skipped {
		if !s.Overlay || !s.Reason.Complete() {
			t.Errorf("skipped without a patch or a reason: %+v", s)
		}
	}
	want := `# k8s:apps/Deployment:shop/web for 1 findings, create: false
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
        - name: a
          securityContext:
            privileged: false
# k8s:networking.k8s.io/NetworkPolicy:shop/deny for 1 findings, create: true
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
# k8s:Namespace:shop for 1 findings, create: true
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    pod-security.kubernetes.io/enforce: baseline
`
	if got := overlays(plan); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// withoutPositions is an object as an API server gives it.
func withoutPositions(t *testing.T, v graph.Value) graph.Value {
	t.Helper()
	var b graph.DocumentBuilder
	var add func(key string, v graph.Value)
	add = func(key string, v graph.Value) {
		switch v.Kind() {
		case graph.Map:
			b.OpenMap(key, graph.Position{})
			for name, f := range v.Fields() {
				add(name, f)
			}
			b.Close()
		case graph.List:
			b.OpenList(key, graph.Position{})
			for _, item := range v.Items() {
				add("", item)
			}
			b.Close()
		default:
			b.String(key, v.Text(), graph.Position{})
		}
	}
	add("", v)
	d, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return d.Root()
}

func TestMakeReportsFailedJudge(t *testing.T) {
	broken := errors.New("no rules")
	_, err := fix.Make(context.Background(), fix.Request{
		Snapshot: facttest.Snapshot(t, "{apiVersion: v1, kind: Pod, metadata: {name: a}}"), Files: noFiles{}, Scan: sameAlways{err: broken},
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

// TestSamePlanEveryTime makes the plan of the shop more than once.
func TestSamePlanEveryTime(t *testing.T) {
	dir := copyTree(t, shop)
	s := newScan(t, dir)
	todo := automatic(s.findings)
	var first string
	for i := range 3 {
		folder, plan := makePlan(t, dir, s, todo)
		text := diffOf(t, folder, plan) + overlays(plan) + skips(plan.Skipped)
		if i == 0 {
			first = text
		}
		if text != first || !strings.Contains(text, "networkpolicy-default-deny-") {
			t.Fatalf("plan %d is another one", i)
		}
	}
}

func TestMakeStopsWhenTold(t *testing.T) {
	dir := copyTree(t, shop)
	s := newScan(t, dir)
	folder := openFolder(t, dir)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	_, err := fix.Make(ctx, fix.Request{Snapshot: s.snapshot, Findings: automatic(s.findings), Files: folder, Scan: s})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
