// Package checktest runs an analyzer on objects that a test writes down and
// keeps what it says. Product code must not import it.
package checktest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

// Verdicts is a sink that keeps everything.
type Verdicts struct {
	Findings     []finding.Finding
	Evaluations  map[string]int
	NotEvaluable []string // rules, once for each time it was said
}

// Finding keeps a finding.
func (v *Verdicts) Finding(f finding.Finding) { v.Findings = append(v.Findings, f) }

// Rule forgets the rule: the analyzers that are tested by this know theirs.
func (v *Verdicts) Rule(finding.Rule) {}

// Evaluated adds to the count of a rule.
func (v *Verdicts) Evaluated(rule string, nodes int) { v.Evaluations[rule] += nodes }

// NotEvaluated keeps the rule.
func (v *Verdicts) NotEvaluated(rule string, _ graph.NodeID, _ string) {
	v.NotEvaluable = append(v.NotEvaluable, rule)
}

// Failed lists the nodes that break a rule, in order.
func (v *Verdicts) Failed(rule string) []graph.NodeID {
	var nodes []graph.NodeID
	for _, f := range v.Findings {
		if f.Rule == rule {
			nodes = append(nodes, f.Node)
		}
	}
	slices.Sort(nodes)
	return nodes
}

// Run runs an analyzer over a snapshot.
func Run(t testing.TB, a analyze.Analyzer, s *graph.Snapshot, settings control.Settings) *Verdicts {
	t.Helper()
	v := &Verdicts{Evaluations: make(map[string]int)}
	if err := a.Analyze(context.Background(), &analyze.Facts{Snapshot: s, Settings: settings}, v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Expect checks which nodes break a rule in the objects of a YAML text; want is
// a list of nodes as fmt prints it: "[k8s:Pod:default/p]".
func Expect(t testing.TB, a analyze.Analyzer, objects string, want map[string]string) {
	t.Helper()
	v := Run(t, a, facttest.Snapshot(t, objects), nil)
	for rule, nodes := range want {
		if got := fmt.Sprint(v.Failed(rule)); got != nodes {
			t.Errorf("%s fails %s, want %s", rule, got, nodes)
		}
	}
}

// Metadata checks that every control of an analyzer is fully described.
func Metadata(t testing.TB, a analyze.Analyzer) {
	t.Helper()
	seen := make(map[string]bool)
	for _, r := range a.Rules() {
		if seen[r.ID] {
			t.Errorf("%s: two controls have this id", r.ID)
		}
		seen[r.ID] = true
		if !r.Title.Complete() || !r.Risk.Complete() || !r.Advice.Complete() {
			t.Errorf("%s: a text is missing in one language", r.ID)
		}
		if r.Change == "" || r.Category == "" || len(r.Aliases) == 0 {
			t.Errorf("%s: change, category or aliases are missing", r.ID)
		}
	}
}
