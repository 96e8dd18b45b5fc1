package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/content"
	"github.com/foilsec/foil/internal/rule/control"
)

const (
	corpus   = "../../../../shared/data/config/cases.jsonl.gz"
	document = "../../../docs/conformance/kubescape.md"
)

// goal is the share of cases that must agree, in percent.
const goal = 98

func compareCorpus(t *testing.T) *results {
	t.Helper()
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("SKIPPED: no corpus of cases beside the repository (%v); nothing was compared", err)
	}
	r, err := compareFiles(context.Background(), options{files: []string{corpus}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCorpus(t *testing.T) {
	r := compareCorpus(t)
	var out bytes.Buffer
	r.print(&out, false)
	n := r.count()
	t.Log("\n" + out.String())
	if n.compared == 0 || 100*n.agree < goal*n.compared {
		t.Errorf("agree %d of %d, want at least %d %%", n.agree, n.compared, goal)
	}
	for _, d := range r.disagreements() {
		if r.reasons[d.Case] == "" {
			t.Errorf("%s disagrees and reasons.tsv does not say why: %s", d.Case, d.Problem)
		}
	}
	text, err := r.document()
	if err != nil {
		t.Fatal(err)
	}
	if written, _ := os.ReadFile(document); !bytes.Equal(written, text) {
		t.Error("docs/conformance/kubescape.md is not up to date: run go run ./test/conformance/controls --write-doc docs/conformance/kubescape.md ../shared/data/config/cases.jsonl.gz")
	}
}

func newComparer(t *testing.T) comparer {
	t.Helper()
	known, err := loadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	e, err := newEngine()
	if err != nil {
		t.Fatal(err)
	}
	return comparer{known, e.rules}
}

func TestEveryDecidableControlIsCovered(t *testing.T) {
	p := newComparer(t)
	for _, e := range p.catalogue.entries {
		if decidable(e) && len(p.rules[e.id]) == 0 {
			t.Errorf("%s has no rule, and is decided by objects", e.id)
		}
	}
	for alias := range p.rules {
		if strings.HasPrefix(alias, "C-") && p.catalogue.byID[alias] == nil {
			t.Errorf("alias %s is unknown to the reference", alias)
		}
	}
}

func TestFrameworks(t *testing.T) {
	data, err := fs.ReadFile(content.Files(), "frameworks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	frameworks, err := control.ParseFrameworks(data)
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	p := newComparer(t)
	for _, f := range frameworks {
		known[f.ID] = true
		checkFramework(t, f, p)
	}
	for _, rules := range p.rules {
		for _, rule := range rules {
			for _, ref := range rule.Frameworks {
				if !known[ref.Framework] {
					t.Errorf("%s names framework %q, which frameworks.yaml does not list", rule.ID, ref.Framework)
				}
			}
		}
	}
}

func checkFramework(t *testing.T, f control.Framework, p comparer) {
	t.Helper()
	if !f.Title.Complete() || !strings.HasPrefix(f.Source, "https://") {
		t.Errorf("%s: title or source are missing", f.ID)
	}
	seen := make(map[string]bool)
	for _, o := range f.Others {
		if seen[o.Alias] || !o.Title.Complete() || !slices.Contains([]string{"host", "cloud", "image", "manual", "removed"}, o.Class) {
			t.Errorf("%s: %+v is listed twice or is not complete", f.ID, o)
		}
		seen[o.Alias] = true
		if len(p.rules[o.Alias]) > 0 {
			t.Errorf("%s: %s is listed as undecided and has the rule %s", f.ID, o.Alias, p.rules[o.Alias][0].ID)
		}
	}
}

// TestComparison checks the comparer itself on small cases.
func TestComparison(t *testing.T) {
	const pod = `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","securityContext":{"privileged":true}}]}}`
	const quiet = `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"q"},"spec":{"containers":[{"name":"c"}]}}`
	const binding = `{"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"cluster-admin"},"subjects":[{"kind":"User","name":"jo"}]}`
	line := func(controls, inputs, expected string) string {
		return `{"rule":"r","case":"c","controls":["` + controls + `"],"inputs":[` + inputs + `],"expected_failed":[` + expected + `]}` + "\n"
	}
	cases := []struct{ name, text, want string }{
		{"the input that it numbers", line("C-0057", pod+","+quiet, `{"kind":"Pod","name":"p","input":0}`), "agree 1 of 1"},
		{"another input", line("C-0057", pod+","+quiet, `{"kind":"Pod","name":"q","input":1}`), "agree 0 of 1"},
		{"nothing", line("C-0057", pod, ``), "agree 0 of 1"},
		{"any of several", line("C-0057", pod+","+quiet, `{"kind":"Pod","name":"x","inputs_any":[0,1]}`), "agree 1 of 1"},
		{"a subject by its binding", line("C-0185", binding, `{"kind":"User","name":"jo","external":true,"related":[{"kind":"ClusterRoleBinding","name":"b"}]}`), "agree 1 of 1"},
		{"a subject of another binding", line("C-0185", binding, `{"kind":"User","name":"jo","external":true,"related":[{"kind":"ClusterRoleBinding","name":"x"}]}`), "agree 0 of 1"},
		{"a control that nobody knows", line("C-9999", pod, ``), "agree 0 of 1"},
		{"a removed API", line("C-0213", pod, ``), "agree 0 of 0"},
	}
	for _, c := range cases {
		file := t.TempDir() + "/cases.jsonl"
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := run(context.Background(), []string{file}, &out); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(out.String(), c.want+"\n") {
			t.Errorf("%s: %s, want %s", c.name, out.String(), c.want)
		}
	}
}
