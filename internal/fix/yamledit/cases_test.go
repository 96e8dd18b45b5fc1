package yamledit_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/casetest"
	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/fix/yamledit"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

var rewrite = flag.Bool("rewrite", false, "write what the edits give into testdata")

// TestCases runs the cases of testdata. A case NAME is the files
// NAME/before.yaml (or .json), NAME/edits and NAME/after.yaml; what comes after
// NAME/edits may be NAME/failed, with the reason of each edit that is refused.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	total := 0
	for _, file := range files {
		archive, err := casetest.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			name, rest, _ := strings.Cut(f.Name, "/")
			if rest != "edits" {
				continue
			}
			total++
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, func(t *testing.T) {
				runCase(t, archive, name)
			})
		}
		if *rewrite {
			if err := archive.Write(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	if total < 40 {
		t.Errorf("%d cases, want 40 at least", total)
	}
}

// caseEdit is an edit as cases write it.
type caseEdit struct {
	On    string // Kind/name; the first object when empty
	Owner *int
	Op    finding.Operation
	Path  string
	Value string
}

func runCase(t *testing.T, a *casetest.Archive, name string) {
	before, edits, after := a.Find(name+"/before"), a.Find(name+"/edits"), a.Find(name+"/after")
	var list []caseEdit
	decoder := yaml.NewDecoder(bytes.NewReader(edits.Data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&list); err != nil {
		t.Fatalf("edits: %v", err)
	}
	result := yamledit.Open(before.Data, yamledit.Options{}).Apply(parseEdits(t, before.Data, list))
	failed := failures(result.Failed)
	if *rewrite {
		after.Data = result.Data
		if f := a.Find(name + "/failed"); f != nil {
			f.Data = []byte(failed)
		}
		return
	}
	if got, want := string(result.Data), string(after.Data); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	want := ""
	if f := a.Find(name + "/failed"); f != nil {
		want = string(f.Data)
	}
	if failed != want {
		t.Errorf("failed:\n%swant:\n%s", failed, want)
	}
	checkLaws(t, before.Data, result, list)
}

func failures(failed map[int]error) string {
	var lines []string
	for owner, err := range failed {
		lines = append(lines, fmt.Sprintf("%d: %v\n", owner, err))
	}
	sort.Strings(lines)
	return strings.Join(lines, "")
}

func parseEdits(t testing.TB, data []byte, list []caseEdit) []yamledit.Edit {
	t.Helper()
	docs, gaps := yamldoc.DecodeBytes(context.Background(), data, "before", yamldoc.Limits{})
	for _, g := range gaps {
		if !strings.Contains(g.Reason, "set twice") {
			t.Fatalf("line %d: %s", g.Position.Line, g.Reason)
		}
	}
	var edits []yamledit.Edit
	for i, c := range list {
		e, err := patch.ParseEdit(finding.Fix{Operation: c.Op, Path: c.Path, Value: c.Value})
		if err != nil {
			t.Fatal(err)
		}
		owner := i
		if c.Owner != nil {
			owner = *c.Owner
		}
		edits = append(edits, yamledit.Edit{Owner: owner, At: placeOf(t, docs, c.On), Edit: e})
	}
	return edits
}

// parseEditsAt are edits of the object that begins in a line.
func parseEditsAt(t testing.TB, line int, list []caseEdit) []yamledit.Edit {
	t.Helper()
	var edits []yamledit.Edit
	for i, c := range list {
		e, err := patch.ParseEdit(finding.Fix{Operation: c.Op, Path: c.Path, Value: c.Value})
		if err != nil {
			t.Fatal(err)
		}
		edits = append(edits, yamledit.Edit{Owner: i, At: yamledit.Place{Line: line}, Edit: e})
	}
	return edits
}

func placeOf(t testing.TB, docs []*graph.Document, on string) yamledit.Place {
	t.Helper()
	for _, d := range docs {
		kind, name := d.Root().Get("kind").Str(), d.Root().At("metadata", "name").Str()
		if on == "" || on == kind+"/"+name {
			at := d.Root().Position()
			return yamledit.Place{Line: at.Line, Column: at.Column, Kind: kind, Name: name}
		}
	}
	t.Fatalf("no object %s", on)
	return yamledit.Place{}
}

// checkLaws holds a result to what is true of every edit: made twice it
// changes nothing more, and untouched objects mean the same.
func checkLaws(t testing.TB, before []byte, result yamledit.Result, list []caseEdit) {
	t.Helper()
	var made []caseEdit
	for i, c := range list {
		owner := i
		if c.Owner != nil {
			owner = *c.Owner
		}
		// Elements of lists have other places afterwards.
		shifts := c.Op == finding.Delete && strings.HasSuffix(c.Path, "]") && !strings.HasSuffix(c.Path, `"]`)
		if _, refused := result.Failed[owner]; !refused && !shifts {
			made = append(made, c)
		}
	}
	if len(made) < len(list)-len(result.Failed) {
		return
	}
	again := yamledit.Open(result.Data, yamledit.Options{}).Apply(parseEdits(t, result.Data, made))
	if len(again.Splices) > 0 || !bytes.Equal(again.Data, result.Data) {
		t.Errorf("the edits made again change the text to:\n%s", again.Data)
	}
	docsBefore, _ := yamldoc.DecodeBytes(context.Background(), before, "f", yamldoc.Limits{})
	docsAfter, gaps := yamldoc.DecodeBytes(context.Background(), result.Data, "f", yamldoc.Limits{})
	if len(docsBefore) != len(docsAfter) {
		t.Fatalf("%d objects became %d: %v", len(docsBefore), len(docsAfter), gaps)
	}
}
