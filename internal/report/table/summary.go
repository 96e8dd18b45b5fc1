package table

import (
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

// summary prints the counts. What is suppressed is always among them.
func (p *printer) summary() {
	s := p.report.Summary
	p.heading(phrase.Summary.In(p.language))
	open, suppressed := phrase.Open.In(p.language), phrase.Suppressed.In(p.language)
	label := max(text.Width(open), text.Width(suppressed))
	p.counts(text.Pad(open, label), s.Open, p.severities)
	p.counts(text.Pad(suppressed, label), s.Excepted+s.Known, func(bool) string {
		return phrase.SuppressedBy.In(p.language, s.Excepted, s.Known)
	})
	if len(p.report.Exceptions) == 0 {
		return
	}
	p.heading(phrase.Exceptions.In(p.language))
	for i := range p.report.Exceptions {
		p.exception(&p.report.Exceptions[i])
	}
}

// counts prints a number and what it is made of. Only what fits on one line is
// coloured, since lines are broken by the width of what they show.
func (p *printer) counts(label string, n int, details func(coloured bool) string) {
	prefix := "  " + label + "  " + text.Pad(strconv.Itoa(n), 5)
	if text.Width(prefix)+text.Width(details(false)) <= p.width {
		p.line(prefix + details(true))
		return
	}
	p.paragraph(prefix, details(false), plain)
}

func (p *printer) severities(coloured bool) string {
	var parts []string
	for _, severity := range finding.Severities() {
		name := severity.String()
		n := p.report.Summary.BySeverity[name]
		part, st := phrase.Severity(p.language, name)+" "+strconv.Itoa(n), severityStyles[name]
		if n == 0 {
			st = faint
		}
		if coloured {
			part = p.paint(part, st)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, phrase.Comma.In(p.language))
}

func (p *printer) exception(e *report.ExceptionUse) {
	id := text.Clean(e.ID)
	if e.Matches == 0 {
		p.paragraph("  ", phrase.MatchesNothing.In(p.language, id), yellow)
	} else {
		p.paragraph("  ", phrase.Matches.In(p.language, id, phrase.Findings.Count(p.language, e.Matches)), plain)
	}
	p.paragraph("    ", text.Clean(phrase.Decision(p.language, &e.Exception)), faint)
}

// next says what a person does now.
func (p *printer) next() {
	scan := report.ScanCommand(p.report.Target)
	automatic := 0
	for i := range p.report.Changes {
		if report.FixCommand(p.report.Target, &p.report.Changes[i]) != nil {
			automatic++
		}
	}
	again := scan != nil && len(p.report.Findings) > 0
	if p.report.Coverage.Complete && len(p.report.Changes) == 0 && !again {
		return
	}
	p.heading(phrase.Next.In(p.language))
	if !p.report.Coverage.Complete {
		p.paragraph("  ", phrase.NextCoverage.In(p.language), yellow)
	}
	if len(p.report.Changes) > 0 {
		p.paragraph("  ", phrase.NextChange.In(p.language, text.Clean(p.report.Changes[0].Title.In(p.language))), plain)
	}
	if automatic > 0 {
		p.step(report.FixAllCommand(p.report.Target),
			phrase.NextFix.In(p.language, phrase.AutomaticChanges.Count(p.language, automatic)))
	}
	if !again {
		return
	}
	if !p.verbose {
		p.step(append(scan, "--verbose"), phrase.NextVerbose.In(p.language))
	}
	p.step(append(scan, "-o", "html=report.html"), phrase.NextPage.In(p.language))
}

// step prints a command and, below it, what it is for.
func (p *printer) step(command []string, purpose string) {
	p.line("  " + p.paint(text.Clean(strings.Join(command, " ")), green))
	p.paragraph("      ", purpose, plain)
}
