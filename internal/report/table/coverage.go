package table

import (
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
	p.limited(phrase.Gaps(p.language, c))
	p.limited(phrase.WithoutVerdicts(p.language, c))
}

// limited prints the first lines and says how many it left out.
func (p *printer) limited(lines []string) {
	shown := len(lines)
	if !p.verbose {
		shown = min(shown, shownGaps)
	}
	for _, line := range lines[:shown] {
		p.paragraph("  - ", text.Clean(line), plain)
	}
	if shown < len(lines) {
		p.paragraph("  - ", phrase.MoreGaps.Count(p.language, len(lines)-shown), plain)
	}
}
