package affected

import (
	"maps"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// edge adds one flaw of one package.
func (r *run) edge(p *subject, g *group) {
	match := g.match(p)
	if p.Owner != "" && r.feed.Covers(ownersEcosystem(p)) {
		match.Accepted = p.Owner
	}
	evidence, err := graph.DocumentOf(match)
	if err != nil {
		r.builder.AddGap(graph.Gap{Subject: string(p.node), Reason: err.Error()})
		return
	}
	r.builder.AddEdges(graph.Edge{From: p.node, To: FlawID(g.id), Kind: AffectedBy, Evidence: evidence.Root()})
	r.learn(g)
}

// ownersEcosystem is the ecosystem of the system packages beside a package.
func ownersEcosystem(p *subject) string {
	for i := range p.artifact.Packages {
		if other := &p.artifact.Packages[i]; other.OfSystem() {
			return other.Ecosystem
		}
	}
	return ""
}

// learn adds what the records of a group say about the flaw itself. Records are
// looked at in the order of their ids, and packages in that of theirs, so that
// the result does not depend on chance.
func (r *run) learn(g *group) {
	f, ok := r.flaws[g.id]
	if !ok {
		f = &Flaw{ID: g.id}
		if isCVE(g.id) {
			f.Exploited, f.EPSS = r.feed.Exploited(g.id), r.feed.Likelihood(g.id)
		}
		r.flaws[g.id] = f
	}
	f.Aliases = union(f.Aliases, slices.Collect(maps.Keys(g.aliases))...)
	for _, a := range g.records {
		if f.Summary == "" || strings.HasPrefix(a.advisory.ID, "GHSA-") && a.advisory.Summary != "" {
			f.Summary = a.advisory.Summary
		}
		if f.Published.IsZero() || !a.advisory.Published.IsZero() && a.advisory.Published.Before(f.Published) {
			f.Published = a.advisory.Published
		}
		f.CWEs = union(f.CWEs, a.advisory.CWEs...)
		for _, s := range a.record.Severity {
			if !slices.Contains(f.Severity, s) {
				f.Severity = append(f.Severity, s)
			}
		}
		for _, ref := range a.advisory.References {
			f.References = union(f.References, ref.URL)
		}
	}
}

func union(list []string, more ...string) []string {
	list = append(list, more...)
	slices.Sort(list)
	return slices.Compact(list)
}

// nodes adds the flaws, which every package that has them shares.
func (r *run) nodes() {
	for _, id := range slices.Sorted(maps.Keys(r.flaws)) {
		document, err := graph.DocumentOf(r.flaws[id])
		if err != nil {
			r.builder.AddGap(graph.Gap{Subject: id, Reason: err.Error()})
			continue
		}
		r.builder.AddNode(graph.Node{
			ID: FlawID(id), Kind: KindVulnerability, Name: id, Object: document.Root(),
			Provenance: graph.Provenance{Source: "feed", ObservedAt: r.now},
		})
	}
}
