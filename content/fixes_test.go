package content_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/analyze/config"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/fix/yamledit"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// TestFixesRemoveTheFault makes the fix of every failing fixture and judges the
// result again: the fault is gone, and the fix has nothing more to change.
func TestFixesRemoveTheFault(t *testing.T) {
	defaults := loadSettings(t)
	fixed := 0
	for _, p := range loadLibrary(t).Policies {
		if len(p.Fix.Steps) == 0 {
			continue
		}
		t.Run(p.ID, func(t *testing.T) {
			for _, f := range readFixtures(t, filepath.Join("testdata", "controls", p.ID+".yaml")) {
				settings, err := defaults.Merge(f.settings)
				if err != nil {
					t.Fatal(err)
				}
				set, err := control.Compile(control.Library{Policies: []control.Policy{p}}, settings)
				if err != nil {
					t.Fatal(err)
				}
				if f.want == "fail" && checkFix(t, set, f) {
					fixed++
				}
			}
		})
	}
	if fixed < 200 {
		t.Errorf("only %d fixtures were fixed", fixed)
	}
}

// checkFix reports whether there was something to fix.
func checkFix(t *testing.T, set *control.Set, f fixture) bool {
	before := []byte(f.text)
	edits, failed := editsOf(t, set, before)
	if !failed {
		t.Fatalf("line %d: no finding", f.line)
	}
	if len(edits) == 0 {
		return false
	}
	after := yamledit.Open(before, yamledit.Options{}).Apply(edits)
	if len(after.Failed) > 0 {
		t.Errorf("line %d: the fix can't be made: %v", f.line, after.Failed)
		return false
	}
	if bytes.Equal(before, after.Data) {
		t.Errorf("line %d: the fix changes nothing", f.line)
	}
	if _, failed := editsOf(t, set, after.Data); failed {
		t.Errorf("line %d: the fault is still there after the fix:\n%s", f.line, after.Data)
	}
	if again := yamledit.Open(after.Data, yamledit.Options{}).Apply(edits); !bytes.Equal(again.Data, after.Data) {
		t.Errorf("line %d: the fix changes something when it is made again:\n%s", f.line, again.Data)
	}
	return true
}

// editsOf judges a document and returns the edits of the finding, if there is
// one.
func editsOf(t *testing.T, set *control.Set, text []byte) (edits []yamledit.Edit, failed bool) {
	t.Helper()
	documents, gaps := yamldoc.DecodeBytes(t.Context(), text, "fixture.yaml", yamldoc.DefaultLimits())
	if len(documents) != 1 || len(gaps) > 0 {
		t.Fatalf("%d documents, %+v in:\n%s", len(documents), gaps, text)
	}
	root := documents[0].Root()
	var b graph.Builder
	b.AddObject(root, root.At("metadata", "namespace").Str(), graph.Provenance{})
	var found findings
	if err := config.New(set, 1, nil).Analyze(t.Context(), &analyze.Facts{Snapshot: b.Snapshot()}, &found); err != nil {
		t.Fatal(err)
	}
	at := root.Position()
	place := yamledit.Place{Line: at.Line, Column: at.Column}
	for _, f := range found {
		for _, fix := range f.Fixes {
			edit, err := patch.ParseEdit(fix)
			if err != nil {
				t.Fatal(err)
			}
			edits = append(edits, yamledit.Edit{At: place, Edit: edit})
		}
	}
	return edits, len(found) > 0
}

// findings is a sink that keeps findings alone.
type findings []finding.Finding

func (s *findings) Finding(f finding.Finding)                 { *s = append(*s, f) }
func (s *findings) Rule(finding.Rule)                         {}
func (s *findings) Evaluated(string, int)                     {}
func (s *findings) NotEvaluated(string, graph.NodeID, string) {}
