package pipeline

import (
	"cmp"
	"slices"
	"sync"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/report"
)

// sink gathers what analyzers say. The order in which they say it does not
// matter: everything is sorted before it is used.
type sink struct {
	wanted map[string]bool // nil: every rule

	mu           sync.Mutex
	rules        []finding.Rule
	found        map[string]bool // rules that came with facts
	findings     []*finding.Finding
	evaluated    map[string]int
	notEvaluated []report.NotEvaluated
}

var _ analyze.Sink = (*sink)(nil)

func newSink(wanted map[string]bool) *sink {
	return &sink{wanted: wanted, evaluated: map[string]int{}, found: map[string]bool{}}
}

func (s *sink) wants(rule string) bool { return s.wanted == nil || s.wanted[rule] }

func (s *sink) addRules(rules []finding.Rule) {
	for _, r := range rules {
		if s.wants(r.ID) || r.Category == "exceptions" {
			s.rules = append(s.rules, r)
		}
	}
}

// Rule implements analyze.Sink.
func (s *sink) Rule(r finding.Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.found[r.ID] {
		s.found[r.ID] = true
		s.addRules([]finding.Rule{r})
	}
}

// Finding implements analyze.Sink.
func (s *sink) Finding(f finding.Finding) {
	if !s.wants(f.Rule) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.findings = append(s.findings, &f)
}

// Evaluated implements analyze.Sink.
func (s *sink) Evaluated(rule string, nodes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.evaluated[rule] += nodes
}

// NotEvaluated implements analyze.Sink.
func (s *sink) NotEvaluated(rule string, node graph.NodeID, reason string) {
	if !s.wants(rule) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notEvaluated = append(s.notEvaluated, report.NotEvaluated{Rule: rule, Node: node, Reason: reason})
}

func (s *sink) sortedNotEvaluated() []report.NotEvaluated {
	slices.SortFunc(s.notEvaluated, func(a, b report.NotEvaluated) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Reason, b.Reason))
	})
	return s.notEvaluated
}
