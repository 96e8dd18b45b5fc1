package pipeline

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"
	"sync"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/derive"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix"
	"github.com/foilsec/foil/internal/fix/dockerfile"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/rule/control"
	recipe "github.com/foilsec/foil/internal/source/dockerfile"
)

// FixOptions say what is to be fixed, after a scan.
type FixOptions struct {
	Result    *ScanResult // of a scan that kept its snapshot
	Analyzers []analyze.Analyzer
	Settings  control.Settings
	// Wanted selects findings; those that are excepted are never fixed.
	Wanted func(*report.Finding) bool
	// Files are the user's files and Reader reads their objects again; both are
	// nil where the objects come from no files.
	Files  fix.Files
	Reader Rereader
	// Resolver asks registries for the digests that Dockerfiles are pinned to;
	// nil when nothing may be asked.
	Resolver dockerfile.Resolver
}

// Rereader reads the objects of one origin again, with other content for some
// of its files.
type Rereader interface {
	Read(ctx context.Context, origin string, changed map[string][]byte) ([]graph.Value, error)
}

// Fix plans the changes that remove the findings of a scan.
func Fix(ctx context.Context, o FixOptions) (*fix.Plan, error) {
	r := fix.Request{Snapshot: o.Result.Snapshot, Files: o.Files}
	if r.Files == nil {
		r.Files, o.Reader = noFiles{}, noFiles{}
	}
	j := &judge{Rereader: o.Reader, analyzers: o.Analyzers, settings: o.Settings}
	r.Scan = j
	recipes := dockerfile.Request{Snapshot: o.Result.Snapshot, Files: r.Files, Scan: recipeJudge{j}, Resolver: o.Resolver}
	for i := range o.Result.Report.Findings {
		f := &o.Result.Report.Findings[i]
		known := finding.Finding{
			Rule: f.Rule, Node: f.Node, Message: f.Message, Evidence: f.Evidence, Fixes: f.Fixes,
			Fingerprint: finding.Fingerprint(f.Fingerprint), State: finding.State(f.State),
		}
		if s, err := finding.ParseSeverity(f.Severity); err == nil {
			known.Severity = s
		}
		switch n, ok := o.Result.Snapshot.Node(f.Node); {
		case known.State == finding.Excepted || len(known.Fixes) == 0 || !o.Wanted(f):
		case ok && n.Kind == dockerfile.Kind:
			recipes.Findings = append(recipes.Findings, known)
		default:
			r.Findings = append(r.Findings, known)
		}
	}
	plan, err := fix.Make(ctx, r)
	if err != nil || len(recipes.Findings) == 0 {
		return plan, err
	}
	more, err := dockerfile.Make(ctx, recipes)
	if err != nil {
		return nil, err
	}
	plan.Add(more)
	return plan, nil
}

// recipeJudge reads Dockerfiles again, and judges as every fix is judged.
type recipeJudge struct{ *judge }

// Read implements dockerfile.Scan.
func (recipeJudge) Read(n *graph.Node, content []byte) (graph.Node, error) {
	return recipe.Reread(n, content)
}

// judge finds what is wrong with a snapshot that a plan would lead to.
type judge struct {
	Rereader
	analyzers []analyze.Analyzer
	settings  control.Settings
}

var _ fix.Scan = (*judge)(nil)

// Judge implements fix.Scan.
func (j *judge) Judge(ctx context.Context, s *graph.Snapshot) ([]finding.Finding, error) {
	b := &graph.Builder{}
	for n := range s.Nodes() {
		b.AddNode(*n)
	}
	for _, d := range []derive.Deriver{workload.Deriver{}, reach.Deriver{}} {
		d.Derive(s, b)
	}
	out := &gather{}
	facts := &analyze.Facts{Snapshot: b.Snapshot(), Settings: j.settings}
	for _, a := range j.analyzers {
		if err := a.Analyze(ctx, facts, out); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out.findings, func(a, b finding.Finding) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return out.findings, nil
}

// gather is a sink that keeps findings and nothing else.
type gather struct {
	mu       sync.Mutex
	findings []finding.Finding
}

// Finding implements analyze.Sink.
func (g *gather) Finding(f finding.Finding) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.findings = append(g.findings, f)
}

// Rule implements analyze.Sink.
func (g *gather) Rule(finding.Rule) {}

// Evaluated implements analyze.Sink.
func (g *gather) Evaluated(string, int) {}

// NotEvaluated implements analyze.Sink.
func (g *gather) NotEvaluated(string, graph.NodeID, string) {}

// noFiles stands for the files of a cluster: there are none.
type noFiles struct{}

var errNoFiles = errors.New("the objects were not read from files")

// ReadFile implements fix.Files.
func (noFiles) ReadFile(string) ([]byte, error) { return nil, fs.ErrNotExist }

// Contains implements fix.Files.
func (noFiles) Contains(string) bool { return false }

// Read implements Rereader.
func (noFiles) Read(context.Context, string, map[string][]byte) ([]graph.Value, error) {
	return nil, errNoFiles
}
