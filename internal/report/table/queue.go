package table

import (
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

// fullChanges is how many changes are shown with their reasons and their fix;
// those after them are a line each unless everything is asked for.
const fullChanges = 10

// queue prints every change in the order of the report.
func (p *printer) queue() {
	p.line("")
	if len(p.report.Changes) == 0 {
		p.nothing()
		return
	}
	p.paragraph("", phrase.Queue.In(p.language), bold)
	rank := len(strconv.Itoa(len(p.report.Changes))) + 1
	for i := range p.report.Changes {
		if i == fullChanges && !p.verbose {
			p.line("")
		}
		if c := &p.report.Changes[i]; i < fullChanges || p.verbose {
			p.fullChange(rank, i+1, c)
		} else {
			p.shortChange(rank, i+1, c)
		}
	}
	if !p.verbose && len(p.report.Changes) > fullChanges {
		p.line("")
		p.paragraph("", phrase.QueueIsShort.In(p.language, fullChanges+1), faint)
	}
}

func (p *printer) fullChange(rank, number int, c *report.Change) {
	p.line("")
	p.changeTitle(rank, number, c, text.Clean(c.Title.In(p.language)), bold)
	p.paragraph(strings.Repeat(" ", rank+1), p.changeSize(c, phrase.Removes(p.language, c)), plain)
	p.reasons(rank+1, c)
	if p.verbose {
		p.changeFindings(rank+1, c)
	} else {
		p.flaws(rank+1, c)
	}
	p.fix(rank+1, c)
}

// shortChange is what a person needs to find the change: what, where, how much,
// and whether foil can write it.
func (p *printer) shortChange(rank, number int, c *report.Change) {
	size := p.changeSize(c, phrase.Findings.Count(p.language, len(c.Fingerprints)))
	if report.FixCommand(p.report.Target, c) != nil {
		size += phrase.Comma.In(p.language) + phrase.Automatic.In(p.language)
	}
	p.changeTitle(rank, number, c, text.Clean(c.Title.In(p.language))+phrase.Colon.In(p.language)+size, plain)
}

// nothing says that the queue is empty, and not more than that.
func (p *printer) nothing() {
	if p.report.Coverage.Complete {
		p.paragraph("", phrase.NothingOpen.In(p.language), green)
		return
	}
	p.paragraph("", phrase.NothingSeenOpen.In(p.language), yellow)
}

func (p *printer) changeTitle(rank, number int, c *report.Change, title string, st style) {
	badge, columns := p.badge(c.Severity)
	prefix := text.Pad(strconv.Itoa(number)+".", rank) + " " + badge + "  "
	p.prefixed(prefix, rank+1+columns+2, title, st)
}

// badge is the name of a severity, padded to the widest of them.
func (p *printer) badge(severity string) (badge string, columns int) {
	columns = text.Width(phrase.Severity(p.language, "critical"))
	name := strings.ToUpper(phrase.Severity(p.language, severity))
	return p.paint(text.Pad(name, columns), severityStyles[severity]), max(columns, text.Width(name))
}

// changeSize puts where the change is made before how much it removes.
func (p *printer) changeSize(c *report.Change, size string) string {
	place := report.FormatPosition(c.Position)
	if place == "" {
		return size
	}
	return text.Clean(place) + phrase.Comma.In(p.language) + size
}

func (p *printer) reasons(indent int, c *report.Change) {
	label := phrase.Why.In(p.language)
	for _, reason := range c.Reasons {
		p.labelled(indent, label, text.Clean(reason.Sentence.In(p.language)), plain)
		label = ""
	}
}

// fix prints the command that writes the change, or else what a person does.
func (p *printer) fix(indent int, c *report.Change) {
	if command := report.FixCommand(p.report.Target, c); command != nil {
		p.command(indent, phrase.Fix.In(p.language), command, green)
		return
	}
	if advice := p.index.Advice(c).In(p.language); advice != "" {
		p.labelled(indent, phrase.Do.In(p.language), text.Clean(advice), plain)
	}
}

func (p *printer) changeFindings(indent int, c *report.Change) {
	label := phrase.Has.In(p.language)
	for _, fingerprint := range c.Fingerprints {
		if f := p.index.Finding(fingerprint); f != nil {
			p.finding(indent, label, f)
			label = ""
		}
	}
}
