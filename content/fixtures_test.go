package content_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// A fixture is a document of testdata/controls/ID.yaml. The comments above it
// say what is expected:
//
//	# want: fail | pass | excluded
//	# with: SETTING=VALUE,VALUE       a setting in place of its default
//	# at: PATH                        a field that the evidence names; if there
//	                                  is one, these are all
type fixture struct {
	object   graph.Value
	text     string
	want     string
	settings control.Settings
	at       []string
	line     int
}

func readFixtures(t *testing.T, file string) []fixture {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	documents, gaps := yamldoc.DecodeBytes(t.Context(), data, file, yamldoc.DefaultLimits())
	if len(gaps) > 0 {
		t.Fatalf("%s is not well formed: %+v", file, gaps)
	}
	comments := strings.Split("\n"+string(data), "\n---\n")
	if len(comments) != len(documents) {
		t.Fatalf("%s: %d documents, %d parts between lines ---", file, len(documents), len(comments))
	}
	fixtures := make([]fixture, len(documents))
	separator := 0 // the line of the --- above a document; the file itself has none
	for i, part := range comments {
		fixtures[i] = fixture{object: documents[i].Root(), text: strings.TrimPrefix(part, "\n") + "\n", line: separator + 1}
		separator += strings.Count(part, "\n") + min(i, 1) + 1
		for text := range strings.Lines(part) {
			fixtures[i].directive(t, strings.TrimSpace(text))
		}
	}
	return fixtures
}

func (f *fixture) directive(t *testing.T, text string) {
	key, value, ok := strings.Cut(strings.TrimPrefix(text, "# "), ": ")
	if !ok || !strings.HasPrefix(text, "# ") {
		return
	}
	switch key {
	case "want":
		f.want = value
	case "at":
		f.at = append(f.at, value)
	case "with":
		name, list, ok := strings.Cut(value, "=")
		if !ok {
			t.Fatalf("%q: want SETTING=VALUE,VALUE", text)
		}
		if f.settings == nil {
			f.settings = control.Settings{}
		}
		f.settings[name] = strings.Split(list, ",")
	}
}

// TestFixtures judges the fixtures of every control, and asks that there are
// some on either side.
func TestFixtures(t *testing.T) {
	defaults := loadSettings(t)
	for _, p := range loadLibrary(t).Policies {
		t.Run(p.ID, func(t *testing.T) {
			wants := map[string]int{}
			for _, f := range readFixtures(t, filepath.Join("testdata", "controls", p.ID+".yaml")) {
				wants[f.want]++
				f.check(t, &p, defaults)
			}
			if wants["fail"] == 0 || wants["pass"]+wants["excluded"] == 0 {
				t.Errorf("the control needs fixtures that fail and that do not, has %v", wants)
			}
		})
	}
}

func (f *fixture) check(t *testing.T, p *control.Policy, defaults control.Settings) {
	t.Helper()
	settings, err := defaults.Merge(f.settings)
	if err != nil {
		t.Fatal(err)
	}
	set, err := control.Compile(control.Library{Policies: []control.Policy{*p}}, settings)
	if err != nil {
		t.Fatal(err)
	}
	evaluator, program := set.NewEvaluator(), set.Programs()[0]
	if program.Err() != nil {
		t.Fatal(program.Err())
	}
	evaluator.Load(objectOf(f.object))
	verdict := evaluator.Judge(program)
	outcome := map[control.Outcome]string{control.Failed: "fail", control.Passed: "pass", control.Excluded: "excluded", control.Errored: "error"}[verdict.Outcome]
	if outcome != f.want {
		t.Errorf("document at line %d: %s (%v), want %s", f.line, outcome, verdict.Err, f.want)
	}
	if got := evidencePaths(evaluator, program, verdict); f.at != nil && !slices.Equal(got, f.at) {
		t.Errorf("document at line %d: evidence\n  %s\nwant\n  %s", f.line, strings.Join(got, "\n  "), strings.Join(f.at, "\n  "))
	}
}

func objectOf(v graph.Value) control.Object {
	text := func(field string) string { return v.At("metadata", field).Str() }
	return control.NewObject(&graph.Node{Object: v, Namespace: text("namespace"), Name: text("name")}, graph.Value{})
}

// evidencePaths are the fields that explain a verdict, each once.
func evidencePaths(e *control.Evaluator, p *control.Program, v control.Verdict) []string {
	var paths []string
	for _, violated := range v.Violated {
		for _, c := range e.Causes(p, violated) {
			if at := c.Field.PathTo(c.Missing...); !slices.Contains(paths, at) {
				paths = append(paths, at)
			}
		}
	}
	return paths
}
