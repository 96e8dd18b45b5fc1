package exception

import (
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// Exception is one decision, as read: which findings it is about, and what it
// says about itself.
type Exception struct {
	finding.Exception
	Rules   []Rule   // any of them
	Objects []Object // any of them; empty is every object
	Flaws   []Flaw   // any of them; empty is every finding
	// Node limits the exception to the one node that it is written on.
	Node     graph.NodeID
	Position graph.Position
	// Defect says why the exception is void: an owner, reason or date is
	// missing or malformed.
	Defect lang.Text
}

// Rule selects rules, by what is set: the id or an alias, or else a framework
// that asks for them. The zero Rule selects every rule.
type Rule struct{ ID, Framework Pattern }

// allControls is the name that Kubescape gives to all of its controls together.
const allControls = "AllControls"

func (r Rule) covers(rule *finding.Rule) bool {
	if r.ID.any() && !r.Framework.any() {
		return r.Framework.matches(allControls) && slices.ContainsFunc(rule.Aliases, isControl) ||
			slices.ContainsFunc(rule.Frameworks, func(f finding.Reference) bool { return r.Framework.matches(f.Framework) })
	}
	return r.ID.matches(rule.ID) || slices.ContainsFunc(rule.Aliases, r.ID.matches)
}

// isControl reports whether an id is one of Kubescape's controls.
func isControl(id string) bool { return strings.HasPrefix(id, "C-") }

// Set is all exceptions of one scan, from all sources.
type Set struct {
	exceptions []Exception
	matches    []int
	rules      map[string]*finding.Rule
	onNode     map[graph.NodeID][]int // exceptions for one node, by number
	forRule    map[string][]int       // all other exceptions for a rule, made on demand
	now        time.Time
}

// NewSet prepares exceptions for the rules that are known. Dates are compared
// with now.
func NewSet(exceptions []Exception, rules []finding.Rule, now time.Time) *Set {
	s := &Set{
		exceptions: exceptions, matches: make([]int, len(exceptions)), now: now,
		rules: map[string]*finding.Rule{}, onNode: map[graph.NodeID][]int{}, forRule: map[string][]int{},
	}
	for i := range rules {
		s.rules[rules[i].ID] = &rules[i]
	}
	for i := range exceptions {
		if node := exceptions[i].Node; node != "" {
			s.onNode[node] = append(s.onNode[node], i)
		}
	}
	return s
}

// Apply suppresses a finding when an exception covers it. Expired and void
// exceptions are counted as matching, but suppress nothing.
func (s *Set) Apply(f *finding.Finding, node *graph.Node) {
	for _, i := range s.general(f.Rule) {
		if e := &s.exceptions[i]; e.coversNode(node) && e.coversFlaw(f.Vulnerability) {
			s.apply(i, f)
		}
	}
	for _, i := range s.onNode[f.Node] {
		if s.exceptions[i].coversRule(s.rule(f.Rule)) {
			s.apply(i, f)
		}
	}
}

func (s *Set) apply(i int, f *finding.Finding) {
	e := &s.exceptions[i]
	s.matches[i]++
	if e.Defect == (lang.Text{}) && !s.expired(e) && f.State != finding.Excepted {
		f.State, f.Exception = finding.Excepted, &e.Exception
	}
}

// general lists the exceptions for a rule that are not for one node: looked for
// once, as 300,000 findings have few rules.
func (s *Set) general(rule string) []int {
	list, known := s.forRule[rule]
	if known {
		return list
	}
	for i := range s.exceptions {
		if e := &s.exceptions[i]; e.Node == "" && e.coversRule(s.rule(rule)) {
			list = append(list, i)
		}
	}
	s.forRule[rule] = list
	return list
}

func (s *Set) rule(id string) *finding.Rule {
	if known, ok := s.rules[id]; ok {
		return known
	}
	return &finding.Rule{ID: id}
}

// Uses lists every exception with the number of findings that it matched.
func (s *Set) Uses() []Use {
	uses := make([]Use, len(s.exceptions))
	for i, e := range s.exceptions {
		uses[i] = Use{Exception: e, Matches: s.matches[i]}
	}
	return uses
}

// Use is an exception and the number of findings that it matched.
type Use struct {
	Exception
	Matches int
}

func (s *Set) expired(e *Exception) bool {
	return !e.Expires.IsZero() && !s.now.Before(e.Expires)
}

func (e *Exception) coversRule(rule *finding.Rule) bool {
	return slices.ContainsFunc(e.Rules, func(r Rule) bool { return r.covers(rule) })
}

func (e *Exception) coversNode(n *graph.Node) bool {
	if len(e.Objects) == 0 {
		return true
	}
	return n != nil && slices.ContainsFunc(e.Objects, func(o Object) bool { return o.covers(n) })
}

func (e *Exception) coversFlaw(v *finding.Vulnerability) bool {
	if len(e.Flaws) == 0 {
		return true
	}
	return v != nil && slices.ContainsFunc(e.Flaws, func(f Flaw) bool { return f.covers(v) })
}

// firstFault is the first text that says anything.
func firstFault(faults ...lang.Text) lang.Text {
	for _, fault := range faults {
		if fault != (lang.Text{}) {
			return fault
		}
	}
	return lang.Text{}
}

// defect is what makes an exception void; date is what is wrong with its end.
func (e *Exception) defect(date lang.Text) lang.Text {
	switch {
	case date != lang.Text{}:
		return date
	case len(e.Rules) == 0:
		return lang.Text{EN: "no controls: name the ids that it is about", ZH: "没有控制项：请写明它所针对的编号"}
	case strings.TrimSpace(e.Owner) == "":
		return lang.Text{EN: "no owner: say who decided", ZH: "没有负责人：请写明由谁决定"}
	case strings.TrimSpace(e.Reason) == "":
		return lang.Text{EN: "no reason: say why the fault is accepted", ZH: "没有理由：请写明为何接受该问题"}
	}
	return lang.Text{}
}
