package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
)

// comparer compares verdicts with expectations.
type comparer struct {
	catalogue *catalogue
	rules     map[string][]finding.Rule // by alias
}

// skip says why a case is not compared; empty for all that are.
func (p *comparer) skip(c *testCase) string {
	removed := func(id string) bool { e := p.catalogue.byID[id]; return e != nil && e.class == "removed" }
	if len(c.Controls) > 0 && !slices.ContainsFunc(c.Controls, func(id string) bool { return !removed(id) }) {
		return "judges an API that was removed"
	}
	// This rule does not look into lists, so its expectation of one that holds
	// the accounts is a fault of the reference.
	if c.Rule == "namespace-without-service-account" && slices.ContainsFunc(c.Inputs, isList) {
		return "the reference does not unroll lists"
	}
	return ""
}

func isList(input json.RawMessage) bool {
	return strings.Contains(string(input), `"kind": "List"`) || strings.Contains(string(input), `"kind":"List"`)
}

// compare lists what is wrong with the verdict on a case, for each control.
func (p *comparer) compare(c *testCase, v *verdict, objects []object, only string) []string {
	var wrong []string
	for _, id := range c.Controls {
		if only != "" && id != only {
			continue
		}
		if len(p.rules[id]) == 0 {
			wrong = append(wrong, id+": no rule has this alias")
			continue
		}
		if problem := p.compareControl(c, v, objects, id); problem != "" {
			wrong = append(wrong, id+": "+problem)
		}
	}
	return wrong
}

func (p *comparer) compareControl(c *testCase, v *verdict, objects []object, id string) string {
	failed := p.failedNodes(v, id)
	var missing []string
	accounted := make(map[graph.NodeID]bool)
	for _, e := range c.ExpectedFailed {
		hits := v.hits(failed, e, objects)
		if len(hits) == 0 {
			missing = append(missing, e.Kind+" "+e.Name)
		}
		for _, hit := range hits {
			accounted[hit] = true
		}
	}
	var extra []string
	for _, node := range failed {
		if !accounted[node] {
			extra = append(extra, string(node))
		}
	}
	// Another rule of the same control may rightly fail on other objects.
	if e := p.catalogue.byID[id]; e != nil && len(e.rules) > 1 {
		extra = nil
	}
	return describe(missing, extra, p.unjudged(v, id))
}

func describe(missing, extra []string, unjudged string) string {
	var parts []string
	if len(missing) > 0 {
		parts = append(parts, "expected to fail and did not: "+strings.Join(missing, ", "))
	}
	if len(extra) > 0 {
		parts = append(parts, "failed and was not expected to: "+strings.Join(extra, ", "))
	}
	if len(parts) > 0 && unjudged != "" {
		parts = append(parts, "not evaluated: "+unjudged)
	}
	return strings.Join(parts, "; ")
}

// failedNodes are the nodes on which any rule of an alias fails.
func (p *comparer) failedNodes(v *verdict, alias string) []graph.NodeID {
	var failed []graph.NodeID
	for _, f := range p.findingsOf(v, alias) {
		if !slices.Contains(failed, f.Node) {
			failed = append(failed, f.Node)
		}
	}
	return failed
}

// findingsOf are the findings of every rule of an alias.
func (p *comparer) findingsOf(v *verdict, alias string) []finding.Finding {
	var found []finding.Finding
	for _, f := range v.findings {
		if slices.ContainsFunc(p.rules[alias], func(r finding.Rule) bool { return r.ID == f.Rule }) {
			found = append(found, f)
		}
	}
	return found
}

func (p *comparer) unjudged(v *verdict, alias string) string {
	for _, r := range p.rules[alias] {
		if reason, ok := v.unjudged[r.ID]; ok {
			return fmt.Sprintf("%s: %s", r.ID, reason)
		}
	}
	return ""
}

// hits are the failed nodes that an expectation means.
func (v *verdict) hits(failed []graph.NodeID, e expectation, objects []object) []graph.NodeID {
	var hits []graph.NodeID
	for _, node := range failed {
		input, ok := v.inputOf(node)
		if ok && e.means(input, objects) {
			hits = append(hits, node)
		}
	}
	return hits
}

// means reports whether an expectation is about an input: the one that it
// numbers, the object that it names, or, for a subject of RBAC, the binding
// that is named beside it.
func (e expectation) means(input int, objects []object) bool {
	switch {
	case e.Input != nil:
		return *e.Input == input
	case len(e.InputsAny) > 0:
		return slices.Contains(e.InputsAny, input)
	case input >= len(objects):
		return false
	}
	named := objects[input]
	return named == (object{e.Kind, e.Name}) ||
		strings.HasSuffix(named.Kind, "Binding") && slices.Contains(e.Related, named)
}
