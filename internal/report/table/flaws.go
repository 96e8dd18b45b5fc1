package table

import (
	"cmp"
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
	groups := bySource(flaws)
	for _, g := range groups[:min(shownFlaws, len(groups))] {
		p.labelled(indent, label, text.Clean(phrase.Flaw(p.language, g.first, g.others)), plain)
		label = ""
	}
	if more := len(groups) - shownFlaws; more > 0 {
		p.labelled(indent, "", phrase.MoreFlaws.In(p.language, more), faint)
	}
	p.steps(indent, flaws)
}

// sameFlaw is one flaw of the packages that are built from one source.
type sameFlaw struct {
	first  *report.Finding
	others int
}

func bySource(flaws []*report.Finding) []*sameFlaw {
	var groups []*sameFlaw
	known := map[string]*sameFlaw{}
	for _, f := range flaws {
		v := f.Vulnerability
		key := strings.Join([]string{v.ID, v.Artifact, cmp.Or(v.Source, v.Package), v.Version}, "\x00")
		if g, ok := known[key]; ok {
			g.others++
			continue
		}
		known[key] = &sameFlaw{first: f}
		groups = append(groups, known[key])
	}
	return groups
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
