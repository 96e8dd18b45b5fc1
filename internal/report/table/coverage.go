package table

import (
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

// shownGaps is how many gaps, and how many reasons for rules without a
// verdict, are printed unless everything is asked for.
const shownGaps = 20

// coverage prints what the result rests on. What was not seen is never left
// to be guessed.
func (p *printer) coverage() {
	c := &p.report.Coverage
	p.heading(phrase.Coverage.In(p.language))
	if c.Complete {
		p.paragraph("  ", phrase.CoverageComplete.In(p.language), green)
	} else {
		p.paragraph("  ", phrase.CoverageIncomplete.In(p.language), alarm)
	}
	p.limited(len(c.Gaps), func(i int) { p.gap(i) })
	groups := groupNotEvaluated(c.NotEvaluated)
	p.limited(len(groups), func(i int) { p.notEvaluated(&groups[i]) })
}

// limited prints the first of n lines and says how many it left out.
func (p *printer) limited(n int, print func(i int)) {
	shown := n
	if !p.verbose {
		shown = min(n, shownGaps)
	}
	for i := range shown {
		print(i)
	}
	if shown < n {
		p.paragraph("  - ", phrase.MoreGaps.Count(p.language, n-shown), plain)
	}
}

func (p *printer) gap(i int) {
	gap := &p.report.Coverage.Gaps[i]
	p.paragraph("  - ", text.Clean(phrase.GapSubject(gap))+phrase.Colon.In(p.language)+text.Clean(gap.Reason), plain)
}

// missing is a rule without a verdict, for one reason, on any number of nodes.
type missing struct {
	first report.NotEvaluated
	nodes int
}

// groupNotEvaluated puts equal lines together, in the order of the first of
// each: one rule that needs an unreadable kind fails on every node alike.
func groupNotEvaluated(all []report.NotEvaluated) []missing {
	type key struct {
		rule, reason string
		everywhere   bool
	}
	var groups []missing
	at := make(map[key]int)
	for _, n := range all {
		k := key{n.Rule, n.Reason, n.Node == ""}
		i, ok := at[k]
		if !ok {
			i = len(groups)
			at[k] = i
			groups = append(groups, missing{first: n})
		}
		groups[i].nodes++
	}
	return groups
}

func (p *printer) notEvaluated(m *missing) {
	sentence := phrase.WithoutVerdict(p.language, &m.first)
	if m.nodes > 1 && m.first.Node != "" {
		sentence = phrase.NotEvaluatedOn.In(p.language, m.first.Rule, phrase.Places.Count(p.language, m.nodes))
	}
	p.paragraph("  - ", text.Clean(sentence+phrase.Colon.In(p.language)+m.first.Reason), plain)
}
