package fix_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/foilsec/foil/content"
	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/derive"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/rule/control"
	"github.com/foilsec/foil/internal/source/manifest"
	"github.com/foilsec/foil/internal/source/manifest/reread"
)

// house is the real content and the real analyzers, compiled once.
var house = sync.OnceValues(func() (*houseContent, error) {
	c, err := pipeline.LoadContent(content.Files(), nil, control.Settings{})
	if err != nil {
		return nil, err
	}
	analyzers, err := pipeline.Analyzers(c, pipeline.AnalyzerOptions{})
	return &houseContent{c, analyzers}, err
})

type houseContent struct {
	content   *pipeline.Content
	analyzers []analyze.Analyzer
}

// scan is a scan of a folder by everything that foil has.
type scan struct {
	*reread.Reader
	house    *houseContent
	snapshot *graph.Snapshot
	findings []finding.Finding
}

var _ fix.Scan = (*scan)(nil)

func newScan(t testing.TB, target string) *scan {
	t.Helper()
	h, err := house()
	if err != nil {
		t.Fatal(err)
	}
	o := manifest.Options{Paths: []string{target}}
	b := &graph.Builder{}
	if err := manifest.New(o).Collect(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	s := &scan{house: h, snapshot: b.Snapshot()}
	if s.Reader, err = reread.New(o, target, s.snapshot); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if s.findings, err = s.Judge(context.Background(), s.snapshot); err != nil {
		t.Fatal(err)
	}
	return s
}

// Judge implements fix.Scan.
func (s *scan) Judge(ctx context.Context, snapshot *graph.Snapshot) ([]finding.Finding, error) {
	b := &graph.Builder{}
	for n := range snapshot.Nodes() {
		b.AddNode(*n)
	}
	for _, d := range []derive.Deriver{workload.Deriver{}, reach.Deriver{}} {
		d.Derive(snapshot, b)
	}
	out := &gather{}
	facts := &analyze.Facts{Snapshot: b.Snapshot(), Settings: s.house.content.Settings}
	for _, a := range s.house.analyzers {
		if err := a.Analyze(ctx, facts, out); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out.findings, func(a, b finding.Finding) int {
		return strings.Compare(a.Rule+string(a.Node)+string(a.Fingerprint), b.Rule+string(b.Node)+string(b.Fingerprint))
	})
	return out.findings, nil
}

// gather keeps findings.
type gather struct {
	mu       sync.Mutex
	findings []finding.Finding
}

func (g *gather) Finding(f finding.Finding) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.findings = append(g.findings, f)
}

func (g *gather) Rule(finding.Rule) {}

func (g *gather) Evaluated(string, int) {}

func (g *gather) NotEvaluated(string, graph.NodeID, string) {}

// automatic are the findings that can be fixed.
func automatic(all []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(all), func(f finding.Finding) bool { return len(f.Fixes) == 0 })
}

// makePlan plans the fixes of findings in a target.
func makePlan(t testing.TB, target string, s *scan, findings []finding.Finding) (*fix.Folder, *fix.Plan) {
	t.Helper()
	folder, err := fix.OpenFolder(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	plan, err := fix.Make(context.Background(), fix.Request{
		Snapshot: s.snapshot, Findings: findings, Files: folder, Scan: s,
	})
	if err != nil {
		t.Fatal(err)
	}
	return folder, plan
}

// copyTree copies a folder of the repository.
func copyTree(t testing.TB, from string) string {
	t.Helper()
	to := t.TempDir()
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(from, name)
		if err != nil || d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}
