package vuln

import (
	"context"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/affected"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/osv"
)

// Statements are what publishers say about flaws in products.
type Statements interface {
	// For is the statement that holds for a flaw in a package of an artifact;
	// nil when there is none.
	For(a *artifact.Artifact, p *artifact.Package, ids []string) *finding.VEX
}

// Options are what the analyzer needs.
type Options struct {
	Statements Statements // may be nil
	// OnlyFixed accepts every flaw for which there is no fixed version.
	OnlyFixed bool
}

// Analyzer turns the flaws of packages into findings.
type Analyzer struct{ options Options }

// New makes the analyzer.
func New(o Options) *Analyzer { return &Analyzer{o} }

// Rules implements analyze.Analyzer. The rules are advisories, which come with
// the facts.
func (a *Analyzer) Rules() []finding.Rule { return nil }

// Analyze implements analyze.Analyzer.
func (a *Analyzer) Analyze(ctx context.Context, facts *analyze.Facts, sink analyze.Sink) error {
	for image, err := range artifact.Load(facts.Snapshot) {
		if err != nil {
			continue // a gap says so, see derive/affected
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		a.artifact(facts.Snapshot, image, sink)
	}
	return nil
}

// flawed is a package with its flaws.
type flawed struct {
	*artifact.Package
	node    graph.NodeID
	flaws   []*affected.Flaw
	matches []*affected.Match
}

func (a *Analyzer) artifact(s *graph.Snapshot, image *artifact.Loaded, sink analyze.Sink) {
	for i := range image.Packages {
		p := flawed{Package: &image.Packages[i], node: image.PackageNodes[i]}
		for f, m := range affected.Of(s, p.node) {
			p.flaws, p.matches = append(p.flaws, f), append(p.matches, m)
		}
		upgrade := newUpgrade(image, &p)
		for j := range p.flaws {
			a.flaw(image, &p, j, upgrade, sink)
		}
	}
}

func (a *Analyzer) flaw(image *artifact.Loaded, p *flawed, index int, u *upgrade, sink analyze.Sink) {
	flaw, match := p.flaws[index], p.matches[index]
	cvss := scores(flaw.Severity)
	rated := rate(match, cvss)
	sink.Rule(rule(flaw, rated))
	sink.Evaluated(flaw.ID, 1)
	v := details(image, p, flaw, match)
	v.CVSS, v.RatedBy = cvss, rated.by
	f := finding.Finding{
		Rule: flaw.ID, Node: p.node, Severity: rated.severity, Message: message(image, p, flaw, match),
		Fingerprint: finding.NewFingerprint(flaw.ID, p.node, ""), State: finding.Open,
		Evidence: evidence(p, match), Vulnerability: v, Remedy: u.remedy(match),
	}
	a.suppress(&f, image, p, match)
	sink.Finding(f)
}

// suppress marks findings that somebody who knows better answers for.
func (a *Analyzer) suppress(f *finding.Finding, image *artifact.Loaded, p *flawed, m *affected.Match) {
	if m.Accepted != "" {
		f.State = finding.Excepted
		f.Exception = &finding.Exception{
			ID: "system-package", Owner: "distribution", Source: m.Accepted,
			Reason: "installed by " + m.Accepted + ", which the distribution patches; its own advisories decide",
		}
		return
	}
	if a.options.OnlyFixed && m.State != osv.Fixed {
		f.State = finding.Excepted
		f.Exception = &finding.Exception{ID: "only-fixed", Owner: "--only-fixed", Source: "command line", Reason: "no fixed version is known"}
	}
	if a.options.Statements == nil {
		return
	}
	v := a.options.Statements.For(&image.Artifact, p.Package, append([]string{f.Rule}, f.Vulnerability.Aliases...))
	if v == nil {
		return
	}
	f.Vulnerability.VEX = v
	if v.Status == "not_affected" || v.Status == "fixed" {
		f.State = finding.Excepted
		f.Exception = &finding.Exception{ID: "vex", Owner: v.Author, Source: v.Source, Reason: strings.TrimSpace(v.Status + " " + v.Justification)}
	}
}

// rule is the flaw as a rule: what it is, whatever has it.
func rule(f *affected.Flaw, r rating) finding.Rule {
	title := f.Summary
	if title == "" {
		title = f.ID
	}
	return finding.Rule{
		ID: f.ID, Aliases: f.Aliases, Severity: r.severity, Category: "vulnerability", References: references(f),
		Title: lang.Text{EN: title, ZH: title},
		Risk: lang.Text{
			EN: "A known flaw: whoever reaches the code that has it may use it.",
			ZH: "这是一个已公开的漏洞：能够触达相关代码的人都可能利用它。",
		},
		Advice: lang.Text{
			EN: "Move to a version without the flaw. Where there is none, remove the package or keep the flawed code out of reach.",
			ZH: "升级到没有该漏洞的版本；若尚无修复版本，请移除该软件包或使有缺陷的代码无法被触达。",
		},
		Techniques: []string{"MS-TA9004"}, // application vulnerability
	}
}

const shownReferences = 10

func references(f *affected.Flaw) []string {
	list := []string{"https://osv.dev/vulnerability/" + f.ID}
	for _, r := range f.References {
		if len(list) < shownReferences && !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	return list
}
