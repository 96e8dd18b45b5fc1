package pipeline

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/exception"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rank"
	"github.com/foilsec/foil/internal/report"
)

// reportBuilder turns what a scan found into the report model.
type reportBuilder struct {
	options    *ScanOptions
	snapshot   *graph.Snapshot
	sink       *sink
	exceptions *exception.Set
	facts      *rank.Facts
	nodes      map[graph.NodeID]described
	changeOf   map[string]string // rule → kind of change
}

func (b *reportBuilder) build() *report.Report {
	b.changeOf = map[string]string{}
	for _, r := range b.sink.rules {
		b.changeOf[r.ID] = r.Change
	}
	b.facts = rankFacts(b.snapshot)
	r := &report.Report{SchemaVersion: report.SchemaVersion, Tool: b.options.Tool, Target: b.options.Target}
	r.Frameworks = b.frameworks() // counts findings, which ranking takes over
	ranked := rank.Rank(b.sink.findings, b.facts)
	b.sink.findings = nil
	r.Coverage = b.coverage()
	r.Summary = b.counts()
	b.describeNodes()
	kindOf := func(rule string) string { return b.changeOf[rule] }
	queue := rank.Queue(ranked, kindOf, b.options.Content.Changes, b.snapshot)
	r.Changes = b.changes(queue, ranked)
	r.Findings = b.findings(ranked, queue)
	b.summarise(r)
	r.Rules = b.rules()
	r.Exceptions = b.exceptionUses()
	return r
}

// describeNodes takes out of the snapshot what the report says about nodes, and
// lets go of the documents: those of a large cluster and the report about it
// need not be in memory together.
func (b *reportBuilder) describeNodes() {
	b.nodes = make(map[graph.NodeID]described, b.snapshot.Len())
	for n := range b.snapshot.Nodes() {
		kind := string(n.Kind)
		position := n.Object.Position()
		if position.Line == 0 {
			position = n.Provenance.Position
		}
		b.nodes[n.ID] = described{report.Object{
			APIVersion: strings.Clone(n.Object.Get("apiVersion").Str()), Kind: kind[strings.LastIndexByte(kind, '/')+1:],
			Namespace: n.Namespace, Name: n.Name, UID: strings.Clone(n.Object.At("metadata", "uid").Str()),
		}, position}
	}
	b.snapshot, b.facts = b.snapshot.Outline(), nil
}

// described is what the report says about a node.
type described struct {
	object   report.Object
	position graph.Position
}

func (b *reportBuilder) changes(queue []rank.Change, ranked []rank.Ranked) []report.Change {
	changes := make([]report.Change, len(queue))
	for i, c := range queue {
		prints := make([]string, len(c.Findings))
		for j, index := range c.Findings {
			prints[j] = string(ranked[index].Fingerprint)
		}
		changes[i] = report.Change{
			ID: c.ID, Title: c.Title, Kind: c.Kind, Node: c.Node, Position: b.positionOf(c.Node, &ranked[c.Findings[0]]),
			Severity: c.Severity.String(), Score: c.Score, Reasons: c.Reasons,
			Fingerprints: prints, Workloads: c.Workloads, Automatic: c.Automatic,
		}
	}
	return changes
}

// positionOf is where a change is made: at its object, or else where its first
// finding points.
func (b *reportBuilder) positionOf(id graph.NodeID, first *rank.Ranked) graph.Position {
	if n, ok := b.nodes[id]; ok && n.position.Line > 0 {
		return n.position
	}
	for _, e := range first.Evidence {
		if e.Position.Line > 0 {
			return e.Position
		}
	}
	return graph.Position{}
}

func (b *reportBuilder) findings(ranked []rank.Ranked, queue []rank.Change) []report.Finding {
	changeIDs := make([]string, len(ranked))
	for _, c := range queue {
		for _, index := range c.Findings {
			changeIDs[index] = c.ID
		}
	}
	out := make([]report.Finding, len(ranked))
	for i := range ranked {
		f := &ranked[i]
		out[i] = report.Finding{
			Fingerprint: string(f.Fingerprint), Rule: f.Rule, Severity: f.Severity.String(), State: string(f.State),
			Score: f.Score, Reasons: f.Reasons, Node: f.Node, Object: b.object(f.Node), Message: f.Message,
			Evidence: f.Evidence, Fixes: f.Fixes, Change: changeIDs[i], Exception: exceptionOf(f.Exception),
			Vulnerability: f.Vulnerability,
		}
		ranked[i].Finding = nil // the report holds it now
	}
	return out
}

func (b *reportBuilder) object(id graph.NodeID) report.Object {
	if n, ok := b.nodes[id]; ok {
		return n.object
	}
	kind, name, _ := id.Keyed()
	return report.Object{Kind: kind, Name: name}
}

func exceptionOf(e *finding.Exception) *report.Exception {
	if e == nil {
		return nil
	}
	x := &report.Exception{ID: e.ID, Owner: e.Owner, Reason: e.Reason, Source: e.Source}
	if !e.Expires.IsZero() {
		x.Expires = e.Expires.UTC().Format(time.RFC3339)
	}
	return x
}

func (b *reportBuilder) exceptionUses() []report.ExceptionUse {
	var uses []report.ExceptionUse
	for _, u := range b.exceptions.Uses() {
		uses = append(uses, report.ExceptionUse{Exception: *exceptionOf(&u.Exception.Exception), Matches: u.Matches})
	}
	return uses
}

func (b *reportBuilder) coverage() report.Coverage {
	c := report.Coverage{Kinds: map[string]int{}, Gaps: b.snapshot.Gaps(), NotEvaluated: b.sink.sortedNotEvaluated()}
	for _, kind := range b.snapshot.Kinds() {
		c.Kinds[string(kind)] = b.snapshot.CountOf(kind)
	}
	c.Complete = len(c.Gaps) == 0 && len(c.NotEvaluated) == 0
	return c
}

// counts are the numbers of the summary that come from the snapshot.
func (b *reportBuilder) counts() report.Summary {
	s := report.Summary{Objects: b.snapshot.Len(), BySeverity: map[string]int{}}
	for range b.facts.Workloads.Top() {
		s.Workloads++
	}
	return s
}

// summarise fills in the numbers that come from the findings.
func (b *reportBuilder) summarise(r *report.Report) {
	s := &r.Summary
	s.Changes = len(r.Changes)
	for _, severity := range finding.Severities() {
		s.BySeverity[severity.String()] = 0
	}
	for i := range r.Findings {
		switch finding.State(r.Findings[i].State) {
		case finding.Excepted:
			s.Excepted++
		case finding.Known:
			s.Known++
		default:
			s.Open++
			s.BySeverity[r.Findings[i].Severity]++
		}
	}
}

// rules lists the rules that broke, and those of the frameworks asked for.
func (b *reportBuilder) rules() []report.Rule {
	rules := make([]report.Rule, 0, len(b.sink.rules))
	for _, r := range b.sink.rules {
		rules = append(rules, report.Rule{
			ID: r.ID, Aliases: r.Aliases, Title: r.Title, Risk: r.Risk, Advice: r.Advice,
			Severity: r.Severity.String(), Category: r.Category, Techniques: b.techniques(r.Techniques),
			Frameworks: r.Frameworks, References: r.References,
		})
	}
	slices.SortFunc(rules, func(x, y report.Rule) int { return cmp.Compare(x.ID, y.ID) })
	return rules
}

func (b *reportBuilder) techniques(ids []string) []report.Technique {
	var list []report.Technique
	for _, id := range ids {
		t, ok := b.options.Matrix.Technique(id)
		if !ok {
			continue
		}
		technique := report.Technique{ID: id, Name: t.Name}
		for _, key := range t.Tactics {
			if tactic, ok := b.options.Matrix.Tactic(key); ok {
				technique.Tactics = append(technique.Tactics, tactic.Name)
			}
		}
		list = append(list, technique)
	}
	return list
}
