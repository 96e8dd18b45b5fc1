package phrase

import (
	"slices"
	"testing"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
)

func TestSize(t *testing.T) {
	s := &report.Summary{Objects: 1, Workloads: 2}
	if got, want := Size(lang.English, s), "Read 1 object, of them 2 workloads."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	s.Open, s.Changes = 3, 1
	if got, want := Size(lang.English, s), "Read 1 object, of them 2 workloads. 3 open findings, removed by 1 change."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRemoves(t *testing.T) {
	c := &report.Change{Fingerprints: []string{"a", "b"}}
	if got, want := Removes(lang.English, c), "removes 2 findings"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	c.Workloads = []graph.NodeID{"k8s:Pod:a/b"}
	if got, want := Removes(lang.Chinese, c), "消除 2 个发现，涉及 1 个工作负载"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestField(t *testing.T) {
	for _, c := range []struct {
		evidence report.Evidence
		want     string
	}{
		{report.Evidence{Path: "spec.hostPID", Value: "true"}, "spec.hostPID = true"},
		{report.Evidence{Path: "spec.hostPID", Unset: true}, "spec.hostPID not set"},
		{report.Evidence{Path: "data.password"}, "data.password"},
		{report.Evidence{Value: "cluster-admin"}, "cluster-admin"},
		{report.Evidence{}, ""},
	} {
		if got := Field(lang.English, &c.evidence); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestDecision(t *testing.T) {
	e := &report.Exception{Owner: "kitchen team", Reason: "old oven"}
	if got, want := Decision(lang.English, e), "old oven, by kitchen team, without an end"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	e.Expires = "2027-03-31"
	if got, want := Decision(lang.Chinese, e), "old oven，决定人 kitchen team，有效期至 2027-03-31"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestGapSubject(t *testing.T) {
	for _, c := range []struct {
		gap  graph.Gap
		want string
	}{
		{graph.Gap{Subject: "v1/Secret"}, "v1/Secret"},
		{graph.Gap{Subject: "a.yaml", Position: graph.Position{File: "a.yaml"}}, "a.yaml"},
		{graph.Gap{Subject: "a.yaml", Position: graph.Position{File: "a.yaml", Line: 3}}, "a.yaml:3"},
		{graph.Gap{Subject: "document 2", Position: graph.Position{File: "a.yaml", Line: 3}}, "document 2 (a.yaml:3)"},
	} {
		if got := GapSubject(&c.gap); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestWithoutVerdicts holds that equal lines become one, and different ones do
// not.
func TestWithoutVerdicts(t *testing.T) {
	c := &report.Coverage{NotEvaluated: []report.NotEvaluated{
		{Rule: "a", Node: "k8s:Pod:x/1", Reason: "no list"},
		{Rule: "b", Reason: "no list"},
		{Rule: "a", Node: "k8s:Pod:x/2", Reason: "no list"},
		{Rule: "a", Node: "k8s:Pod:x/3", Reason: "too dear"},
		{Rule: "a", Reason: "no list"},
	}}
	want := []string{
		"a was not evaluated on 2 places: no list",
		"b was not evaluated at all: no list",
		"a was not evaluated on Pod x/3: too dear",
		"a was not evaluated at all: no list",
	}
	if got := WithoutVerdicts(lang.English, c); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
