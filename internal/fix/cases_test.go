package fix_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix"
	"github.com/foilsec/foil/internal/fix/casetest"
	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest"
	"github.com/foilsec/foil/internal/source/manifest/reread"
)

var rewrite = flag.Bool("rewrite", false, "write what fixing gives into testdata")

// TestCases runs the cases of testdata. The files below in/ are the user's; the
// file fixes lists findings and their fixes; what fixing gives is in diff, and,
// where there is any, in skipped, refuted, added and overlays.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := casetest.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			runCase(t, archive)
			if *rewrite {
				if err := archive.Write(file); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// caseFinding is a finding as cases write it.
type caseFinding struct {
	Rule  string
	Node  graph.NodeID
	Fixes []caseFix
	// Stays makes the rule find the fault whatever is done. Appears makes the
	// finding come up only once that node is there.
	Stays   bool
	Appears graph.NodeID
}

type caseFix struct {
	Op    finding.Operation
	Node  graph.NodeID
	Path  string
	Value string
}

// take gives the finding fixes.
func (c *caseFinding) take(fixes []finding.Fix) {
	for _, f := range fixes {
		c.Fixes = append(c.Fixes, caseFix{Op: f.Operation, Node: f.Node, Path: f.Path, Value: f.Value})
	}
}

func (c *caseFinding) finding() finding.Finding {
	f := finding.Finding{
		Rule: c.Rule, Node: c.Node, State: finding.Open,
		Fingerprint: finding.NewFingerprint(c.Rule, c.Node, ""),
	}
	for _, x := range c.Fixes {
		f.Fixes = append(f.Fixes, finding.Fix{Operation: x.Op, Node: x.Node, Path: x.Path, Value: x.Value})
	}
	return f
}

// caseScan judges by the cases' findings: a fault is there until its fixes have
// come true.
type caseScan struct {
	*reread.Reader
	cases []caseFinding
}

func (s *caseScan) Judge(_ context.Context, snapshot *graph.Snapshot) ([]finding.Finding, error) {
	var found []finding.Finding
	for i := range s.cases {
		c := &s.cases[i]
		if c.Appears != "" {
			if _, there := snapshot.Node(c.Appears); !there {
				continue
			}
		}
		if c.Stays || len(c.Fixes) == 0 || !c.isFixed(snapshot) {
			found = append(found, c.finding())
		}
	}
	return found, nil
}

func (c *caseFinding) isFixed(snapshot *graph.Snapshot) bool {
	for _, f := range c.finding().Fixes {
		id := f.Node
		if id == "" {
			id = c.Node
		}
		if f.Operation == finding.Create {
			if snapshot.CountOf("networking.k8s.io/NetworkPolicy") == 0 {
				return false
			}
			continue
		}
		n, ok := snapshot.Node(id)
		e, err := patch.ParseEdit(f)
		if !ok || err != nil {
			return false
		}
		var tree patch.Tree
		if tree.Add(0, e) != nil {
			return false
		}
		before := patch.WithoutNulls(n.Object.Any())
		after, err := tree.Apply(before)
		if elementDeleted := e.Operation == finding.Delete && e.Path[len(e.Path)-1].InList; elementDeleted {
			return err != nil // the list is shorter
		}
		if err != nil || !patch.SameModel(before, after) {
			return false
		}
	}
	return true
}

func runCase(t *testing.T, archive *casetest.Archive) {
	dir := t.TempDir()
	for _, f := range archive.Files {
		if name, ok := strings.CutPrefix(f.Name, "in/"); ok {
			writeFile(t, filepath.Join(dir, name), f.Data)
		}
	}
	target := dir
	if f := archive.Find("target"); f != nil {
		target = filepath.Join(dir, strings.TrimSpace(string(f.Data)))
	}
	var cases []caseFinding
	decoder := yaml.NewDecoder(bytes.NewReader(archive.Find("fixes").Data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&cases); err != nil {
		t.Fatalf("fixes: %v", err)
	}
	plan, folder := planCase(t, target, cases)
	expect(t, archive, "diff", dir, diffOf(t, folder, plan))
	expect(t, archive, "skipped", dir, skips(plan.Skipped))
	expect(t, archive, "refuted", dir, skips(plan.Refuted))
	expect(t, archive, "added", dir, added(plan))
	expect(t, archive, "overlays", dir, overlays(plan))
	if err := folder.Write(plan); err != nil {
		t.Fatal(err)
	}
	if second, _ := planCase(t, target, cases); !second.Empty() && !*rewrite {
		t.Errorf("a second run changes more:\n%s", diffOf(t, folder, second))
	}
}

func writeFile(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// planCase plans the fixes of the findings that are there.
func planCase(t *testing.T, target string, cases []caseFinding) (*fix.Plan, *fix.Folder) {
	t.Helper()
	o := manifest.Options{Paths: []string{target}}
	b := &graph.Builder{}
	if err := manifest.New(o).Collect(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	snapshot := b.Snapshot()
	reader, err := reread.New(o, target, snapshot)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	folder, err := fix.OpenFolder(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	s := &caseScan{reader, cases}
	todo, _ := s.Judge(context.Background(), snapshot)
	plan, err := fix.Make(context.Background(), fix.Request{Snapshot: snapshot, Findings: todo, Files: folder, Scan: s})
	if err != nil {
		t.Fatal(err)
	}
	return plan, folder
}

// expect compares a result with its file of the case; none means empty.
func expect(t *testing.T, archive *casetest.Archive, name, dir, got string) {
	t.Helper()
	got = strings.ReplaceAll(got, dir, "DIR")
	f := archive.Find(name)
	if *rewrite {
		if f == nil && got != "" {
			f = &casetest.File{Name: name}
			archive.Files = append(archive.Files, f)
		}
		if f != nil {
			f.Data = []byte(got)
		}
		archive.Files = slices.DeleteFunc(archive.Files, func(f *casetest.File) bool { return f.Name == name && got == "" })
		return
	}
	want := ""
	if f != nil {
		want = string(f.Data)
	}
	if got != want {
		t.Errorf("%s: got:\n%s\nwant:\n%s", name, got, want)
	}
}

func skips(list []fix.Skip) string {
	var b strings.Builder
	for _, s := range list {
		patched := ""
		if s.Overlay {
			patched = " (patch)"
		}
		if s.Reason.ZH == "" {
			patched += " (no Chinese)"
		}
		fmt.Fprintf(&b, "%s %s%s: %s\n", s.Rule, s.Node, patched, s.Reason.EN)
	}
	return b.String()
}

func added(plan *fix.Plan) string {
	var b strings.Builder
	for _, f := range plan.Added {
		fmt.Fprintf(&b, "%s %s\n", f.Rule, f.Node)
	}
	return b.String()
}

func overlays(plan *fix.Plan) string {
	var b strings.Builder
	for _, o := range plan.Overlays {
		fmt.Fprintf(&b, "# %s for %d findings, create: %t\n%s", o.Node, len(o.Findings), o.Create, o.Text)
	}
	return b.String()
}
