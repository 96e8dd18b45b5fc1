package check_test

import (
	"context"
	"testing"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/analyze/check/checktest"
	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// failEverything fails every Deployment.
func failEverything(steps ...control.Step) check.Control[*graph.Snapshot] {
	return check.Control[*graph.Snapshot]{
		Metadata: control.Metadata{ID: "r", Severity: finding.High, Fix: control.Fix{Steps: steps}},
		Judge: func(s *graph.Snapshot, v *check.Verdicts) {
			for n := range s.OfKind("apps/Deployment") {
				v.Fail(n, check.Fault{Evidence: []finding.Evidence{check.At(n.Object.At("spec", "selector"))}})
			}
		},
	}
}

func snapshotOf(f *analyze.Facts) *graph.Snapshot { return f.Snapshot }

const deployment = `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, template: {spec: {}}}}`

func TestFindings(t *testing.T) {
	steps := []control.Step{
		{Operation: finding.Set, On: "object", Path: "spec.paused", Value: "true"},
		{Operation: finding.Set, On: "template", Path: "metadata.labels.a", Value: "b"},
		{Operation: finding.Set, On: "pod", Path: "hostPID", Value: "false"},
		{Operation: finding.Set, On: "namespace", Path: "metadata.labels.a", Value: "b"},
		{Operation: finding.Create, Value: "metadata: {name: {name}, namespace: {namespace}}"},
	}
	a := check.New(snapshotOf, failEverything(steps...))
	v := checktest.Run(t, a, facttest.Snapshot(t, deployment), nil)
	if len(v.Findings) != 1 || v.Evaluations["r"] != 1 {
		t.Fatalf("findings = %v, evaluated = %v", v.Findings, v.Evaluations)
	}
	f := v.Findings[0]
	if f.Severity != finding.High || f.State != finding.Open || f.Fingerprint != finding.NewFingerprint("r", f.Node, "") {
		t.Errorf("finding = %+v", f)
	}
	if e := f.Evidence[0]; e.Path != "spec.selector" || e.Value != "matchLabels={app=web}" || e.Position.Line != 1 {
		t.Errorf("evidence = %+v", e)
	}
	want := []finding.Fix{
		{Operation: finding.Set, Path: "spec.paused", Value: "true"},
		{Operation: finding.Set, Path: "spec.template.metadata.labels.a", Value: "b"},
		{Operation: finding.Set, Path: "spec.template.spec.hostPID", Value: "false"},
		{Operation: finding.Set, Node: "k8s:Namespace:shop", Path: "metadata.labels.a", Value: "b"},
		{Operation: finding.Create, Value: "metadata: {name: web, namespace: shop}"},
	}
	for i, fix := range f.Fixes {
		if fix != want[i] {
			t.Errorf("fix %d = %+v, want %+v", i, fix, want[i])
		}
	}
}

func TestNeeds(t *testing.T) {
	c := failEverything()
	c.Needs = []graph.Kind{"Service"}
	var b graph.Builder
	if err := facttest.Add(&b, deployment); err != nil {
		t.Fatal(err)
	}
	b.AddGap(graph.Gap{Subject: "services", Kinds: []graph.Kind{"Service"}})
	v := checktest.Run(t, check.New(snapshotOf, c), b.Snapshot(), nil)
	if len(v.Findings) != 0 || len(v.NotEvaluable) != 1 {
		t.Errorf("findings = %v, not evaluated = %v", v.Findings, v.NotEvaluable)
	}
}

func TestStopsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a := check.New(snapshotOf, failEverything())
	facts := &analyze.Facts{Snapshot: facttest.Snapshot(t, deployment)}
	if err := a.Analyze(ctx, facts, &checktest.Verdicts{Evaluations: map[string]int{}}); err == nil {
		t.Error("a cancelled analysis must not look complete")
	}
}

func TestNames(t *testing.T) {
	for id, want := range map[graph.NodeID]string{
		"k8s:apps/Deployment:shop/web":         "Deployment shop/web",
		"k8s:apps/Deployment:shop/web@b%2Fweb": "Deployment shop/web",
		"k8s:Node:worker":                      "Node worker",
		"group:system:masters":                 "group:system:masters",
	} {
		if got := check.Name(id); got != want {
			t.Errorf("Name(%s) = %q, want %q", id, got, want)
		}
	}
	if got := check.Say(lang.Text{EN: "%s on %s", ZH: "%[2]s 上的 %[1]s"}, "a", "b"); got.EN != "a on b" || got.ZH != "b 上的 a" {
		t.Errorf("Say = %+v", got)
	}
}
