package pipeline

import (
	"context"
	"time"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/derive"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/running"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/exception"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rank"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/source"
	"github.com/foilsec/foil/internal/threat"
)

// ScanOptions say what one scan looks at and by which rules.
type ScanOptions struct {
	Source    source.Source
	Target    report.Target
	Tool      report.Tool
	Content   *Content
	Analyzers []analyze.Analyzer
	Matrix    *threat.Matrix
	// Exceptions are those of files; others are read from the objects.
	Exceptions []exception.Exception
	// Baseline holds the fingerprints that are known already.
	Baseline map[finding.Fingerprint]bool
	// Frameworks are the ids of the frameworks to report on. Findings are
	// limited to their rules, unless the list is empty.
	Frameworks []string
	Now        time.Time
	// Narrow says that the target is one of several kinds that exceptions are
	// written for: that one matches nothing means nothing then.
	Narrow bool
	// Derivers add facts beyond those of every scan, such as the flaws of
	// packages.
	Derivers []derive.Deriver
	// KeepSnapshot asks for the snapshot in the result; a report alone needs
	// less memory.
	KeepSnapshot bool
	// Stage is told what begins; it may be nil.
	Stage func(name string)
}

// ScanResult is the report and what it was made from.
type ScanResult struct {
	Report   *report.Report
	Snapshot *graph.Snapshot // if it was asked for
}

// Scan reads a source, analyzes what it holds and ranks the findings.
func Scan(ctx context.Context, o ScanOptions) (*ScanResult, error) {
	snapshot, err := Collect(ctx, o.Source, o.stage, o.Derivers...)
	if err != nil {
		return nil, err
	}
	o.stage("analyze")
	sink, err := runAnalyzers(ctx, &o, snapshot)
	if err != nil {
		return nil, err
	}
	exceptions := o.except(sink, snapshot)
	o.stage("rank")
	result := &ScanResult{}
	if o.KeepSnapshot {
		result.Snapshot = snapshot
	}
	b := &reportBuilder{options: &o, snapshot: snapshot, sink: sink, exceptions: exceptions}
	result.Report = b.build()
	return result, nil
}

func (o *ScanOptions) stage(name string) {
	if o.Stage != nil {
		o.Stage(name)
	}
}

// Collect reads a source into a snapshot and adds the derived edges, and what
// more derivers know.
func Collect(ctx context.Context, s source.Source, stage func(string), more ...derive.Deriver) (*graph.Snapshot, error) {
	stage("read")
	b := &graph.Builder{}
	if err := s.Collect(ctx, b); err != nil {
		return nil, err
	}
	stage("derive")
	read := b.Snapshot()
	for _, d := range append([]derive.Deriver{workload.Deriver{}, reach.Deriver{}, running.Deriver{}}, more...) {
		d.Derive(read, b)
	}
	return b.Snapshot(), ctx.Err()
}

// runAnalyzers runs one analyzer after the other: each uses all processors.
func runAnalyzers(ctx context.Context, o *ScanOptions, s *graph.Snapshot) (*sink, error) {
	wanted := o.Content.rulesOf(o.Frameworks)
	out := newSink(wanted)
	facts := &analyze.Facts{Snapshot: s, Settings: o.Content.Settings}
	for _, a := range o.Analyzers {
		out.addRules(a.Rules())
		if err := a.Analyze(ctx, facts, out); err != nil {
			return nil, err
		}
	}
	out.addRules(exception.Rules())
	return out, nil
}

// except applies exceptions and the baseline, and adds the findings about the
// exceptions themselves.
func (o *ScanOptions) except(out *sink, s *graph.Snapshot) *exception.Set {
	all := append(o.Exceptions[:len(o.Exceptions):len(o.Exceptions)], exception.FromSnapshot(s)...)
	set := exception.NewSet(all, out.rules, o.Now)
	for _, f := range out.findings {
		node, _ := s.Node(f.Node)
		set.Apply(f, node)
	}
	for _, f := range set.Findings(o.Narrow || len(o.Frameworks) > 0) {
		out.findings = append(out.findings, &f)
	}
	for _, f := range out.findings {
		if f.State == finding.Open && o.Baseline[f.Fingerprint] {
			f.State = finding.Known
		}
	}
	return set
}

// rankFacts indexes a snapshot for ranking.
func rankFacts(s *graph.Snapshot) *rank.Facts {
	x := workload.NewIndex(s)
	return &rank.Facts{Snapshot: s, Workloads: x, Grants: rbac.NewIndex(s), Exposure: reach.NewMap(s, x)}
}
