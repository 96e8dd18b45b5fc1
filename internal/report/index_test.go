package report

import (
	"slices"
	"testing"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

func TestIndex(t *testing.T) {
	r := &Report{
		Rules: []Rule{{ID: "a", Title: lang.Text{EN: "Title", ZH: "标题"}, Advice: lang.Text{EN: "Do it", ZH: "去做"}}},
		Findings: []Finding{
			{Fingerprint: "1", Rule: "a"},
			{Fingerprint: "2", Rule: "unknown", Message: lang.Text{EN: "Message", ZH: "消息"}},
		},
	}
	x := NewIndex(r)
	if got := x.Rule("unknown").Title.EN; got != "unknown" {
		t.Errorf("title of an unknown rule = %q", got)
	}
	if got := x.Text(x.Finding("1")).EN; got != "Title" {
		t.Errorf("text without a message = %q", got)
	}
	if got := x.Text(x.Finding("2")).ZH; got != "消息" {
		t.Errorf("text with a message = %q", got)
	}
	if x.Finding("3") != nil {
		t.Error("a finding that does not exist was found")
	}
	if got := x.Advice(&Change{Fingerprints: []string{"missing", "1"}}).EN; got != "Do it" {
		t.Errorf("advice = %q", got)
	}
	if got := x.Advice(&Change{}); got != (lang.Text{}) {
		t.Errorf("advice of a change without findings = %v", got)
	}
}

func TestUnqueued(t *testing.T) {
	r := &Report{
		Changes:  []Change{{Fingerprints: []string{"2"}}},
		Findings: []Finding{{Fingerprint: "1"}, {Fingerprint: "2"}, {Fingerprint: "3"}},
	}
	var got []string
	for _, f := range r.Unqueued() {
		got = append(got, f.Fingerprint)
	}
	if !slices.Equal(got, []string{"1", "3"}) {
		t.Errorf("findings without a change = %q", got)
	}
}

func TestPlace(t *testing.T) {
	f := &Finding{Evidence: []Evidence{
		{Path: "spec"},
		{Position: graph.Position{File: "a.yaml", Line: 3, Column: 1}},
		{Position: graph.Position{File: "b.yaml", Line: 1}},
	}}
	if got := FormatPosition(f.Place()); got != "a.yaml:3" {
		t.Errorf("place = %q", got)
	}
	if got := FormatPosition((&Finding{}).Place()); got != "" {
		t.Errorf("place of a finding without files = %q", got)
	}
	if got := FormatPosition(graph.Position{File: "a.yaml"}); got != "a.yaml" {
		t.Errorf("place without a line = %q", got)
	}
}

func TestFixCommand(t *testing.T) {
	change := &Change{ID: "pin-images:k8s:apps/Deployment:shop/kitchen", Automatic: true}
	for _, c := range []struct {
		target Target
		want   []string
	}{
		{Target{Kind: "files", Name: "shop"}, []string{"foil", "fix", "shop", "--change", change.ID}},
		{Target{Kind: "files", Name: "my 'shop'; rm"}, []string{"foil", "fix", `'my '\''shop'\''; rm'`, "--change", change.ID}},
		{Target{Kind: "files", Name: "a b", Paths: []string{"a", "b c"}}, []string{"foil", "fix", "a", "'b c'", "--change", change.ID}},
		{Target{Kind: "cluster", Name: "prod"}, nil},
	} {
		if got := FixCommand(c.target, change); !slices.Equal(got, c.want) {
			t.Errorf("FixCommand(%v) = %q, want %q", c.target, got, c.want)
		}
	}
	if got := FixCommand(Target{Kind: "files", Name: "shop"}, &Change{ID: "x"}); got != nil {
		t.Errorf("command of a change that needs a person = %q", got)
	}
}

func TestScanCommand(t *testing.T) {
	for _, c := range []struct {
		target Target
		want   []string
	}{
		{Target{Kind: "files", Name: "shop"}, []string{"foil", "scan", "shop"}},
		{Target{Kind: "snapshot", Name: "old.foil"}, []string{"foil", "scan", "old.foil"}},
		{Target{Kind: "cluster"}, []string{"foil", "scan", "cluster"}},
		{Target{Kind: "cluster", Name: "prod"}, []string{"foil", "scan", "cluster", "--context", "prod"}},
		{Target{Kind: "stdin", Name: "-"}, nil},
	} {
		if got := ScanCommand(c.target); !slices.Equal(got, c.want) {
			t.Errorf("ScanCommand(%+v) = %q, want %q", c.target, got, c.want)
		}
	}
}

func TestNodeName(t *testing.T) {
	for id, want := range map[graph.NodeID]string{
		"k8s:apps/Deployment:shop/kitchen": "Deployment shop/kitchen",
		"k8s:Node:worker-1":                "Node worker-1",
		"k8s:Pod:a/b@overlays%2Fprod.yaml": "Pod a/b",
		"group:system:masters":             "group system:masters",
		"":                                 "",
	} {
		if got := NodeName(id); got != want {
			t.Errorf("NodeName(%q) = %q, want %q", id, got, want)
		}
	}
}
