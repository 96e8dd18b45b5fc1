package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/content"
	"github.com/foilsec/foil/internal/exception"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/rule/control"
	"github.com/foilsec/foil/internal/source/manifest"
)

func TestFrameworkLimitsRules(t *testing.T) {
	for _, name := range []string{"nsa", "NSA"} {
		r := scan(t, request{paths: []string{shop}, change: func(o *pipeline.ScanOptions) { o.Frameworks = []string{name} }})
		if len(r.Findings) == 0 || len(r.Frameworks) != 1 || r.Frameworks[0].ID != "nsa" {
			t.Fatalf("%s: %d findings, frameworks %+v", name, len(r.Findings), r.Frameworks)
		}
		asked := map[string]bool{}
		for _, rule := range r.Rules {
			for _, ref := range rule.Frameworks {
				asked[rule.ID] = asked[rule.ID] || ref.Framework == "nsa"
			}
		}
		for _, f := range r.Findings {
			if !asked[f.Rule] {
				t.Errorf("%s: %s is not a rule of the framework", name, f.Rule)
			}
		}
		checkFramework(t, r)
	}
}

// checkFramework holds what the numbers of a framework say about the findings.
func checkFramework(t *testing.T, r *report.Report) {
	t.Helper()
	open := map[string]int{}
	for _, f := range r.Findings {
		if f.State != string(finding.Excepted) {
			open[f.Rule]++
		}
	}
	f := r.Frameworks[0]
	statuses := map[string]int{}
	for _, c := range f.Controls {
		statuses[c.Status]++
		if broken := c.Failed - c.Excepted; broken != open[c.Rule] || (c.Status == "failed") != (broken > 0) {
			t.Errorf("%s: status %s with %d failed and %d excepted objects, %d open findings", c.Rule, c.Status, c.Failed, c.Excepted, open[c.Rule])
		}
		if c.Status == "passed" && c.Score != 100 || c.Score < 0 || c.Score > 100 {
			t.Errorf("%s: %s with the score %v", c.Rule, c.Status, c.Score)
		}
		if (c.Reason == "") != (c.Status == "passed" || c.Status == "failed") {
			t.Errorf("%s: %s because %q", c.Rule, c.Status, c.Reason)
		}
	}
	if statuses["failed"] == 0 || statuses["passed"] == 0 || statuses["not-evaluated"] == 0 {
		t.Errorf("statuses %v: the example should show them all", statuses)
	}
	if f.Score <= 0 || f.Score >= 100 {
		t.Errorf("score %v", f.Score)
	}
}

func TestSeveralFrameworks(t *testing.T) {
	r := scan(t, request{paths: []string{shop}, change: func(o *pipeline.ScanOptions) { o.Frameworks = []string{"pss-baseline", "pss-restricted"} }})
	if len(r.Frameworks) != 2 {
		t.Fatalf("%d frameworks", len(r.Frameworks))
	}
	failed := map[string]bool{}
	for _, f := range r.Frameworks {
		for _, c := range f.Controls {
			if c.Status == "failed" {
				failed[c.Rule] = true
			}
		}
	}
	for _, f := range r.Findings {
		if !failed[f.Rule] {
			t.Errorf("%s is found, but fails in no framework", f.Rule)
		}
	}
}

func TestUnknownFramework(t *testing.T) {
	c, err := pipeline.LoadContent(content.Files(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CheckFrameworks([]string{"NSA", "cis-v1.12.0"}); err != nil {
		t.Error(err)
	}
	if err := c.CheckFrameworks([]string{"nsa", "pci"}); err == nil || !strings.HasPrefix(err.Error(), `unknown framework "pci": the frameworks are nsa, mitre, `) {
		t.Errorf("error %v", err)
	}
}

func TestBaseline(t *testing.T) {
	old := scan(t, request{paths: []string{folder(t, map[string]string{"a.yaml": privileged("old")})}})
	known := map[finding.Fingerprint]bool{}
	for _, f := range old.Findings {
		known[finding.Fingerprint(f.Fingerprint)] = true
	}
	root := folder(t, map[string]string{"moved/b.yaml": "# moved to another file\n" + privileged("old"), "c.yaml": privileged("new")})
	r := scan(t, request{paths: []string{root}, change: func(o *pipeline.ScanOptions) { o.Baseline = known }})
	if r.Summary.Known != len(old.Findings) || r.Summary.Open != len(old.Findings) {
		t.Errorf("%d known and %d open findings, want %d of each", r.Summary.Known, r.Summary.Open, len(old.Findings))
	}
	for _, f := range r.Findings {
		if want := map[bool]string{true: "known", false: "open"}[f.Node == "k8s:Pod:shop/old"]; f.State != want {
			t.Errorf("%s on %s is %s, want %s", f.Rule, f.Node, f.State, want)
		}
	}
	for _, c := range r.Changes {
		if c.Node == "k8s:Pod:shop/old" {
			t.Errorf("the queue holds %s for known findings only", c.ID)
		}
	}
	counted := 0
	for _, n := range r.Summary.BySeverity {
		counted += n
	}
	if counted != r.Summary.Open {
		t.Errorf("%d findings by severity, %d open", counted, r.Summary.Open)
	}
}

func TestBrokenDocumentIsShown(t *testing.T) {
	root := folder(t, map[string]string{
		"a.yaml": privileged("first") + "---\nkind: [unclosed\n---\n" + privileged("second"), "b.json": `{"apiVersion": "v1", "kind": `,
	})
	r := scan(t, request{paths: []string{root}})
	if r.Coverage.Complete || len(r.Coverage.Gaps) != 2 {
		t.Errorf("complete %t, gaps %+v", r.Coverage.Complete, r.Coverage.Gaps)
	}
	for _, g := range r.Coverage.Gaps {
		if g.Position.Line == 0 || g.Reason == "" || g.Subject == "" {
			t.Errorf("the gap does not say where and why: %+v", g)
		}
	}
	for _, name := range []string{"first", "second"} {
		if rules := rulesOn(r, graph.NodeID("k8s:Pod:shop/"+name)); !slices.Contains(rules, "privileged-container") {
			t.Errorf("pod %s beside the broken document: %v", name, rules)
		}
	}
}

const ownPolicies = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: fragile}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
  validations: [{expression: "object.spec.nodeName == 'a'"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: asks-who}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
  validations: [{expression: "authorizer.group('').resource('pods').check('create').allowed()"}]
`

// TestNotEvaluatedIsShown has policies of a user's that give no verdict, on one
// object and at all.
func TestNotEvaluatedIsShown(t *testing.T) {
	root := folder(t, map[string]string{"a.yaml": privileged("a")})
	own := folder(t, map[string]string{"own.yaml": ownPolicies})
	r := scan(t, request{paths: []string{root}, controls: []string{own}})
	if r.Coverage.Complete {
		t.Error("the scan claims to be complete")
	}
	var got []string
	for _, n := range r.Coverage.NotEvaluated {
		got = append(got, n.Rule+" "+string(n.Node))
		if n.Reason == "" {
			t.Errorf("%s gives no reason", n.Rule)
		}
	}
	if want := []string{"asks-who ", "fragile k8s:Pod:shop/a"}; !slices.Equal(got, want) {
		t.Errorf("not evaluated: %q, want %q", got, want)
	}
}

// TestSuppressionIsNoCoverage scans with exceptions for everything: what was
// seen and evaluated stays the same, and nothing disappears.
func TestSuppressionIsNoCoverage(t *testing.T) {
	framework := func(o *pipeline.ScanOptions) { o.Frameworks = []string{"nsa"} }
	root := folder(t, map[string]string{"a.yaml": privileged("a") + "---\nkind: [unclosed\n"})
	own := folder(t, map[string]string{"own.yaml": ownPolicies})
	all, err := exception.FromConfig([]byte(`exceptions: [{controls: ["*"], owner: o, reason: r, expires: never}]`), ".foil.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, narrow := range map[string]func(*pipeline.ScanOptions){"every rule": func(*pipeline.ScanOptions) {}, "one framework": framework} {
		before := scan(t, request{paths: []string{root}, controls: []string{own}, change: narrow})
		after := scan(t, request{paths: []string{root}, controls: []string{own}, change: func(o *pipeline.ScanOptions) { narrow(o); o.Exceptions = all }})
		if fmt.Sprintf("%+v", before.Coverage) != fmt.Sprintf("%+v", after.Coverage) || after.Coverage.Complete {
			t.Errorf("%s: coverage %+v, without exceptions %+v", name, after.Coverage, before.Coverage)
		}
		if len(after.Findings) != len(before.Findings) || after.Summary.Excepted != len(before.Findings) || after.Summary.Open != 0 || len(after.Changes) != 0 {
			t.Errorf("%s: %d findings, %d excepted, %d open, %d changes; want %d excepted", name,
				len(after.Findings), after.Summary.Excepted, after.Summary.Open, len(after.Changes), len(before.Findings))
		}
		if len(after.Exceptions) != 1 || after.Exceptions[0].Matches != len(before.Findings) || after.Exceptions[0].Owner != "o" {
			t.Errorf("%s: exceptions %+v", name, after.Exceptions)
		}
		for i := range after.Frameworks {
			for j, c := range after.Frameworks[i].Controls {
				if was := before.Frameworks[i].Controls[j]; c.Evaluated != was.Evaluated || c.Failed != was.Failed || c.Excepted != was.Failed {
					t.Errorf("%s: %s counts %+v, without exceptions %+v", name, c.Rule, c, was)
				}
			}
		}
	}
}

// TestExceptionsOutsideTheFramework: an exception for a rule that the scan was
// not asked for is no leftover.
func TestExceptionsOutsideTheFramework(t *testing.T) {
	list, err := exception.FromConfig([]byte("exceptions:\n- {controls: [image-not-pinned], owner: o, reason: r, expires: never}\n- {controls: [x], owner: o, reason: r}\n"), ".foil.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		frameworks []string
		want       []string
	}{{nil, []string{"exception-invalid", "exception-unused"}}, {[]string{"nsa"}, []string{"exception-invalid"}}} {
		r := scan(t, request{paths: []string{folder(t, map[string]string{"a.yaml": privileged("a")})}, change: func(o *pipeline.ScanOptions) { o.Exceptions, o.Frameworks = list, test.frameworks }})
		var got []string
		for _, f := range r.Findings {
			if strings.HasPrefix(f.Rule, "exception-") {
				got = append(got, f.Rule)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, test.want) {
			t.Errorf("frameworks %q: %q, want %q", test.frameworks, got, test.want)
		}
	}
}

func TestScanStops(t *testing.T) {
	c, err := pipeline.LoadContent(content.Files(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	analyzers, err := pipeline.Analyzers(c, pipeline.AnalyzerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"read", "derive", "analyze"} {
		ctx, cancel := context.WithCancel(context.Background())
		_, err = pipeline.Scan(ctx, pipeline.ScanOptions{
			Source: manifest.New(manifest.Options{Paths: []string{shop}}), Content: c, Analyzers: analyzers,
			Stage: func(name string) {
				if name == at {
					cancel()
				}
			},
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("stopped at %s: error %v", at, err)
		}
		cancel()
	}
}

func TestContentRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		folder   string
		settings control.Settings
		want     string
	}{
		"a folder that is not there": {folder: "no/such/folder", want: "--controls: "},
		"a control that is no YAML":  {folder: folder(t, map[string]string{"x.yaml": "a: ["}), want: "load controls: "},
		"an unknown setting":         {settings: control.Settings{"insecureCapabilites": {"X"}}, want: `unknown setting "insecureCapabilites"`},
	} {
		var folders []string
		if test.folder != "" {
			folders = []string{test.folder}
		}
		if _, err := pipeline.LoadContent(content.Files(), folders, test.settings); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, test.want)
		}
	}
}

// TestSettingsTune replaces a list of the settings.
func TestSettingsTune(t *testing.T) {
	root := folder(t, map[string]string{"a.yaml": strings.Replace(privileged("a"), "privileged: true", "capabilities: {add: [NET_BIND_SERVICE]}", 1)})
	for _, test := range []struct {
		settings control.Settings
		found    bool
	}{{nil, false}, {control.Settings{"insecureCapabilities": {"NET_BIND_SERVICE"}}, true}} {
		c, err := pipeline.LoadContent(content.Files(), nil, test.settings)
		if err != nil {
			t.Fatal(err)
		}
		r := scan(t, request{paths: []string{root}, change: func(o *pipeline.ScanOptions) {
			o.Content = c
			if o.Analyzers, err = pipeline.Analyzers(c, pipeline.AnalyzerOptions{}); err != nil {
				t.Fatal(err)
			}
		}})
		if got := slices.Contains(rulesOn(r, "k8s:Pod:shop/a"), "insecure-capability"); got != test.found {
			t.Errorf("settings %v: found %t", test.settings, got)
		}
	}
}
