package sarif

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/reporttest"
)

func TestWrite(t *testing.T) { reporttest.Check(t, Write, ".sarif") }

// TestSchema validates against the official schema of the standard.
func TestSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*report.Report{
		"rich": reporttest.Rich(), "empty": reporttest.Empty(), "large": reporttest.Large(500),
	} {
		for _, language := range []lang.Language{lang.English, lang.Chinese, ""} {
			written := reporttest.Bytes(t, Write, r, report.Options{Language: language})
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(written))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s, language %q: %v", name, language, err)
			}
		}
	}
}

type log struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Rules []struct {
					ID               string
					ShortDescription struct{ Text string }
					Help             struct{ Text, Markdown string }
					Properties       map[string]any
				}
			}
		}
		Invocations []struct {
			ToolExecutionNotifications []struct {
				Level      string
				Descriptor struct{ ID string }
				Message    struct{ Text string }
			}
		}
		Results []result
	}
}

func read(t *testing.T, r *report.Report) *log {
	t.Helper()
	var l log
	if err := json.Unmarshal(reporttest.Bytes(t, Write, r, report.Options{Language: lang.English}), &l); err != nil {
		t.Fatal(err)
	}
	if len(l.Runs) != 1 {
		t.Fatalf("%d runs", len(l.Runs))
	}
	return &l
}

// TestWhatGitHubNeeds holds the conditions of code scanning that the schema
// does not have.
func TestWhatGitHubNeeds(t *testing.T) {
	run := read(t, reporttest.Rich()).Runs[0]
	for i, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("result %d: rule %s is not number %d", i, r.RuleID, r.RuleIndex)
		}
		if len(r.Locations) != 1 || r.Locations[0].Physical == nil || r.Locations[0].Physical.Region.StartLine < 1 {
			t.Fatalf("result %d has no place: %+v", i, r.Locations)
		}
		if uri := r.Locations[0].Physical.Artifact.URI; uri == "" || strings.HasPrefix(uri, "/") {
			t.Errorf("result %d: file %q is not relative", i, uri)
		}
		if r.PartialFingerprints["primaryLocationLineHash"] == "" || r.Message.Text == "" {
			t.Errorf("result %d: no identity or text", i)
		}
		if r.BaselineState == "" {
			t.Errorf("result %d: no baseline state although there is a baseline", i)
		}
	}
	for _, rule := range run.Tool.Driver.Rules {
		if rule.ShortDescription.Text == "" || rule.Help.Text == "" || rule.Help.Markdown == "" {
			t.Errorf("rule %s has no text", rule.ID)
		}
		tags, _ := rule.Properties["tags"].([]any)
		if len(tags) == 0 || len(tags) > maxTags || tags[0] != "security" {
			t.Errorf("rule %s has tags %v", rule.ID, tags)
		}
	}
}

func TestPlaces(t *testing.T) {
	results := read(t, reporttest.Rich()).Runs[0].Results
	for i, want := range map[int]artifactLocation{
		0: {"kitchen/deployment.yaml", "SRCROOT"},
		2: {"kubernetes/rbac.authorization.k8s.io/ClusterRoleBinding/ci-deployer", ""},
		3: {"%E5%8E%A8%E6%88%BF/%E5%A4%96%E5%8D%96.yaml", "SRCROOT"},
		4: {"a%20b/%1B%5D0;title%07%3Cb%3E.yaml", "SRCROOT"},
		6: {"kubernetes/Group/system:masters", ""},
	} {
		if got := results[i].Locations[0].Physical.Artifact; got != want {
			t.Errorf("place of finding %d = %v, want %v", i, got, want)
		}
	}
	if got := artifact("/abs/a.yaml"); got != (artifactLocation{"file:///abs/a.yaml", ""}) {
		t.Errorf("place of an absolute path = %v", got)
	}
	if got := results[1].RelatedLocations; len(got) != 1 || got[0].Physical.Region.StartLine != 41 {
		t.Errorf("related places = %+v", got)
	}
}

func TestSuppressions(t *testing.T) {
	for _, r := range read(t, reporttest.Rich()).Runs[0].Results {
		excepted := r.Properties["state"] == "excepted"
		if excepted != (len(r.Suppressions) == 1) {
			t.Errorf("result of state %v has suppressions %+v", r.Properties["state"], r.Suppressions)
		}
		if excepted && !strings.Contains(r.Suppressions[0].Justification, "kitchen team") {
			t.Errorf("justification %q does not say who decided", r.Suppressions[0].Justification)
		}
	}
}

func TestNotSeen(t *testing.T) {
	notifications := read(t, reporttest.Rich()).Runs[0].Invocations[0].ToolExecutionNotifications
	if len(notifications) != 5 {
		t.Errorf("%d notifications for 5 gaps: %+v", len(notifications), notifications)
	}
}

// TestLimit holds that what GitHub would refuse is left out, and said.
func TestLimit(t *testing.T) {
	r := reporttest.Large(maxResults + 7)
	r.Coverage = reporttest.Empty().Coverage
	run := read(t, r).Runs[0]
	if len(run.Results) != maxResults {
		t.Errorf("%d results, want %d", len(run.Results), maxResults)
	}
	notifications := run.Invocations[0].ToolExecutionNotifications
	if len(notifications) != 1 || notifications[0].Descriptor.ID != leftOut || !strings.HasPrefix(notifications[0].Message.Text, "7 findings") {
		t.Errorf("notifications = %+v", notifications)
	}
}

func TestHostileText(t *testing.T) {
	for _, r := range read(t, reporttest.Rich()).Runs[0].Results {
		if strings.Contains(strings.ReplaceAll(r.Message.Text, `\](`, ""), "](") {
			t.Errorf("message %q holds a link", r.Message.Text)
		}
		if strings.ContainsAny(r.Message.Text, "\x00\x1b\n\u202e") {
			t.Errorf("message %q acts on its reader", r.Message.Text)
		}
	}
}

func BenchmarkWrite(b *testing.B) { reporttest.Benchmark(b, Write) }
