package exception

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
)

// rules are some rules as analyzers give them.
var rules = []finding.Rule{
	{ID: "privileged-container", Aliases: []string{"C-0057"}, Frameworks: []finding.Reference{{Framework: "nsa"}, {Framework: "mitre"}}},
	{ID: "host-path", Aliases: []string{"C-0048", "C-0045"}, Frameworks: []finding.Reference{{Framework: "mitre"}}},
	{ID: "own-rule"},
}

const shop = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {stage: live}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: lab, labels: {stage: test}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: kitchen, namespace: shop, labels: {app: kitchen}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: kitchen-1, namespace: lab, labels: {app: kitchen}}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: cook}}
`

const (
	kitchen   = graph.NodeID("k8s:apps/Deployment:shop/kitchen")
	pod       = graph.NodeID("k8s:Pod:lab/kitchen-1")
	role      = graph.NodeID("k8s:rbac.authorization.k8s.io/ClusterRole:cook")
	namespace = graph.NodeID("k8s:Namespace:lab")
)

var noon = time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC)

// apply gives every rule on every node of a snapshot to a set, and lists what
// was suppressed as "rule node".
func apply(s *graph.Snapshot, set *Set) []string {
	var excepted []string
	for _, r := range rules {
		for n := range s.Nodes() {
			f := finding.Finding{Rule: r.ID, Node: n.ID, State: finding.Open}
			set.Apply(&f, n)
			if f.State == finding.Excepted {
				excepted = append(excepted, f.Rule+" "+string(n.ID))
			}
		}
	}
	return excepted
}

func configured(t *testing.T, entries string) []Exception {
	t.Helper()
	list, err := FromConfig([]byte("exceptions:\n"+entries), "f")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWhatAnEntryCovers(t *testing.T) {
	s := facttest.Snapshot(t, shop)
	for name, test := range map[string]struct {
		entry string
		want  []string
	}{
		"id and kind":         {"controls: [privileged-container], objects: [{kind: Deployment}]", []string{"privileged-container " + string(kitchen)}},
		"alias":               {"controls: [c-0057], objects: [{kind: Pod}]", []string{"privileged-container " + string(pod)}},
		"second alias":        {"controls: [C-0045], objects: [{kind: Pod}]", []string{"host-path " + string(pod)}},
		"a longer id":         {"controls: [C-00571, privileged, container], objects: [{kind: Pod}]", nil},
		"pattern of ids":      {"controls: ['*-container'], objects: [{kind: Pod}]", []string{"privileged-container " + string(pod)}},
		"every control":       {"controls: ['*'], objects: [{kind: ClusterRole}]", []string{"privileged-container " + string(role), "host-path " + string(role), "own-rule " + string(role)}},
		"unknown control":     {"controls: [no-such-control]", nil},
		"kind with group":     {"controls: [own-rule], objects: [{kind: apps/Deployment}]", []string{"own-rule " + string(kitchen)}},
		"kind of other group": {"controls: [own-rule], objects: [{kind: extensions/Deployment}]", nil},
		"kind in lower case":  {"controls: [own-rule], objects: [{kind: deployment}]", nil},
		"namespace":           {"controls: [own-rule], objects: [{namespace: lab}]", []string{"own-rule " + string(namespace), "own-rule " + string(pod)}},
		"name pattern":        {"controls: [own-rule], objects: [{name: kitchen-*}]", []string{"own-rule " + string(pod)}},
		"one of two objects":  {"controls: [own-rule], objects: [{kind: ClusterRole}, {name: 'kitchen-?'}]", []string{"own-rule " + string(pod), "own-rule " + string(role)}},
		"both of one object":  {"controls: [own-rule], objects: [{kind: ClusterRole, name: kitchen-1}]", nil},
		"file":                {"controls: [own-rule], objects: [{file: test.yaml, kind: Pod}]", []string{"own-rule " + string(pod)}},
		"other file":          {"controls: [own-rule], objects: [{file: 'tests/**'}]", nil},
	} {
		t.Run(name, func(t *testing.T) {
			set := NewSet(configured(t, "- {"+test.entry+", owner: o, reason: r, expires: never}"), rules, noon)
			got := apply(s, set)
			if fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("suppressed %q, want %q", got, test.want)
			}
			if uses := set.Uses(); len(uses) != 1 || uses[0].Matches != len(test.want) {
				t.Errorf("counted %d matches, want %d", uses[0].Matches, len(test.want))
			}
			if unused := len(set.Findings(false)) == 1; unused != (len(test.want) == 0) {
				t.Errorf("reported as unused: %t", unused)
			}
		})
	}
}

func TestGlobs(t *testing.T) {
	for pattern, texts := range map[string]struct{ yes, no []string }{
		"examples/**":    {[]string{"examples/a.yaml", "examples/a/b/c.yaml", "examples/"}, []string{"examples", "other/examples/a.yaml"}},
		"**/test/*.yaml": {[]string{"test/a.yaml", "a/b/test/c.yaml"}, []string{"test/a/b.yaml", "mytest/a.yaml", "test/a.json"}},
		"*.yaml":         {[]string{"a.yaml", ".yaml"}, []string{"a/b.yaml", "aXyaml"}},
		"a**z":           {[]string{"az", "a/b/z"}, []string{"a/b"}},
		"node-?":         {[]string{"node-1", "node-厨"}, []string{"node-", "node-12", "node-/"}},
		"[a-z].(b)+$":    {[]string{"[a-z].(b)+$"}, []string{"x.b", "a"}},
		"line\nbreak*":   {[]string{"line\nbreak\nmore"}, []string{"line"}},
	} {
		p := glob(pattern)
		for _, text := range texts.yes {
			if !p.matches(text) {
				t.Errorf("%q does not match %q", pattern, text)
			}
		}
		for _, text := range texts.no {
			if p.matches(text) {
				t.Errorf("%q matches %q", pattern, text)
			}
		}
	}
	if !glob("").matches("anything") || !globFold("Latest-*").matches("latest-TAG") || glob("A").matches("a") {
		t.Error("empty patterns or letter case")
	}
}

// TestLastDayCounts moves the clock over the end of an exception.
func TestLastDayCounts(t *testing.T) {
	s := facttest.Snapshot(t, shop)
	for _, test := range []struct {
		expires, now string
		suppresses   bool
	}{
		{"2027-01-31", "2027-01-31T00:00:00Z", true},
		{"2027-01-31", "2027-01-31T23:59:59Z", true},
		{"2027-01-31", "2027-02-01T00:00:00Z", false},
		{"2027-01-31", "2027-01-31T23:30:00-02:00", false}, // it is February in UTC
		{"2027-01-31", "2027-02-01T01:00:00+02:00", true},  // it is January in UTC
		{"2027-01-31T12:00:00Z", "2027-01-31T11:59:59Z", true},
		{"2027-01-31T12:00:00Z", "2027-01-31T12:00:00Z", false},
		{"2027-01-31T12:00:00+02:00", "2027-01-31T10:30:00Z", false},
		{"never", "9999-01-01T00:00:00Z", true},
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		set := NewSet(configured(t, "- {controls: [own-rule], owner: o, reason: r, expires: '"+test.expires+"'}"), rules, now)
		if got := len(apply(s, set)) > 0; got != test.suppresses {
			t.Errorf("until %s, at %s: suppresses %t", test.expires, test.now, got)
		}
		expired := set.Findings(false)
		if (len(expired) == 1) == test.suppresses {
			t.Errorf("until %s, at %s: findings %+v", test.expires, test.now, expired)
		}
	}
}

func TestFindingsAboutExceptions(t *testing.T) {
	s := facttest.Snapshot(t, shop)
	list := configured(t, `
- {id: fine, controls: [own-rule], objects: [{kind: Pod}], owner: o, reason: r, expires: never}
- {id: over, controls: [own-rule], objects: [{kind: Deployment}], owner: o, reason: secret talk, expires: 2027-01-30}
- {id: over-and-unused, controls: [gone], owner: o, reason: r, expires: 2020-01-01}
- {id: void, controls: [own-rule], owner: o, expires: never}
- {id: unused, controls: [own-rule], objects: [{name: nobody}], owner: o, reason: r, expires: never}
`)
	set := NewSet(list, rules, noon)
	if got := apply(s, set); fmt.Sprint(got) != "[own-rule "+string(pod)+"]" {
		t.Errorf("suppressed %q", got)
	}
	want := []string{
		"exception-expired exception:over medium It ended on 2027-01-30. 已于 2027-01-30 到期。",
		"exception-expired exception:over-and-unused medium It ended on 2020-01-01. 已于 2020-01-01 到期。",
		"exception-invalid exception:void medium no reason: say why the fault is accepted 没有理由：请写明为何接受该问题",
		"exception-unused exception:unused low  ",
	}
	if got := describe(set.Findings(false)); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("findings\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := describe(set.Findings(true)); len(got) != 3 {
		t.Errorf("a scan for some rules only says that exceptions for others are unused: %q", got)
	}
	known := map[string]bool{}
	for _, r := range Rules() {
		known[r.ID] = true
		if !r.Title.Complete() || !r.Risk.Complete() || !r.Advice.Complete() || r.Change == "" {
			t.Errorf("rule %s lacks a text or a change", r.ID)
		}
	}
	for _, f := range set.Findings(false) {
		if !known[f.Rule] || f.State != finding.Open || len(f.Evidence) != 1 || f.Evidence[0].Position.Line == 0 {
			t.Errorf("finding %+v has no rule, state or place", f)
		}
	}
}

func describe(findings []finding.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%s %s %s %s %s", f.Rule, f.Node, f.Severity, f.Message.EN, f.Message.ZH))
	}
	return list
}

// TestFirstExceptionCounts: of two exceptions for one finding the first is
// named, and both are in use.
func TestFirstExceptionCounts(t *testing.T) {
	s := facttest.Snapshot(t, shop)
	list := configured(t, `
- {id: void, controls: [own-rule], owner: o, reason: r}
- {id: first, controls: [own-rule], objects: [{kind: Pod}], owner: o, reason: r, expires: never}
- {id: second, controls: ["*"], owner: o, reason: r, expires: never}
`)
	set := NewSet(list, rules, noon)
	n, _ := s.Node(pod)
	f := finding.Finding{Rule: "own-rule", Node: pod, State: finding.Open}
	set.Apply(&f, n)
	if f.Exception == nil || f.Exception.ID != "first" {
		t.Errorf("exception %+v", f.Exception)
	}
	for _, u := range set.Uses() {
		if u.Matches != 1 {
			t.Errorf("%s matched %d times", u.ID, u.Matches)
		}
	}
}

// TestFindingsOnNoObject: a fault of something that is not in the snapshot can
// only be excepted by an entry for every object.
func TestFindingsOnNoObject(t *testing.T) {
	for entry, want := range map[string]bool{
		"controls: [own-rule]":                               true,
		"controls: [own-rule], objects: [{kind: '*'}]":       false,
		"controls: [own-rule], objects: [{file: 'test/**'}]": false,
		"controls: [other-rule]":                             false,
	} {
		set := NewSet(configured(t, "- {"+entry+", owner: o, reason: r, expires: never}"), rules, noon)
		f := finding.Finding{Rule: "own-rule", Node: "group:system:masters", State: finding.Open}
		set.Apply(&f, nil)
		if got := f.State == finding.Excepted; got != want {
			t.Errorf("%s: suppressed %t", entry, got)
		}
	}
}

// BenchmarkApply gives 300,000 findings to 2,000 exceptions, of which most stand
// on one object.
func BenchmarkApply(b *testing.B) {
	var list []Exception
	for i := range 1900 {
		list = append(list, Exception{Node: graph.NodeID(fmt.Sprint("n", i)), Rules: rulesOf([]string{"rule-1"})})
	}
	for i := range 100 {
		list = append(list, Exception{Rules: rulesOf([]string{fmt.Sprint("rule-", i)}), Objects: []Object{{Name: glob("x-*"), Namespace: glob("shop")}}})
	}
	n := &graph.Node{ID: "n7", Kind: "Pod", Namespace: "shop", Name: "kitchen"}
	b.ReportAllocs()
	for b.Loop() {
		set := NewSet(list, nil, noon)
		for i := range 300_000 {
			f := finding.Finding{Rule: "rule-" + string(rune('0'+i%10)), Node: n.ID}
			set.Apply(&f, n)
		}
	}
}
