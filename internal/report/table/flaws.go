package table

import (
	"strings"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

// shownFlaws is how many flaws of packages a change shows unless everything is
// asked for.
const shownFlaws = 5

// flaws prints the flaws of packages that a change removes, a line each, and
// the build steps that brought them.
func (p *printer) flaws(indent int, c *report.Change) {
	var flaws []*report.Finding
	for _, fingerprint := range c.Fingerprints {
		if f := p.index.Finding(fingerprint); f != nil && f.Vulnerability != nil {
			flaws = append(flaws, f)
		}
	}
	if len(flaws) == 0 {
		return
	}
	label := phrase.Has.In(p.language)
	for _, f := range flaws[:min(shownFlaws, len(flaws))] {
		p.labelled(indent, label, text.Clean(phrase.Flaw(p.language, f)), plain)
		label = ""
	}
	if more := len(flaws) - shownFlaws; more > 0 {
		p.labelled(indent, "", phrase.MoreFlaws.In(p.language, more), faint)
	}
	p.steps(indent, flaws)
}

// steps names the build steps, each once.
func (p *printer) steps(indent int, flaws []*report.Finding) {
	seen := map[string]bool{"": true}
	for _, f := range flaws {
		if step := f.Vulnerability.LayerStep; !seen[step] && len(seen) <= 2 {
			seen[step] = true
			step = strings.Join(strings.Fields(text.Clean(step)), " ")
			p.labelled(indent, phrase.Since.In(p.language), shortened(step), faint)
		}
	}
}

const longStep = 150

func shortened(step string) string {
	if r := []rune(step); len(r) > longStep {
		return string(r[:longStep]) + "…"
	}
	return step
}
