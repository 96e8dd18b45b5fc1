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
	p.line("  " + text.Pad(open, label) + "  " + text.Pad(strconv.Itoa(s.Open), 5) + p.severities())
	p.line("  " + text.Pad(suppressed, label) + "  " + text.Pad(strconv.Itoa(s.Excepted+s.Known), 5) +
		phrase.SuppressedBy.In(p.language, s.Excepted, s.Known))
	if len(p.report.Exceptions) == 0 {
		return
	}
	p.heading(phrase.Exceptions.In(p.language))
	for i := range p.report.Exceptions {
		p.exception(&p.report.Exceptions[i])
	}
}

func (p *printer) severities() string {
	var parts []string
	for _, severity := range finding.Severities() {
		name := severity.String()
		n := p.report.Summary.BySeverity[name]
		st := severityStyles[name]
		if n == 0 {
			st = faint
		}
		parts = append(parts, p.paint(phrase.Severity(p.language, name)+" "+strconv.Itoa(n), st))
	}
	return strings.Join(parts, ", ")
}

func (p *printer) exception(e *report.ExceptionUse) {
	id := text.Clean(e.ID)
	if e.Matches == 0 {
		p.paragraph("  ", phrase.MatchesNothing.In(p.language, id), yellow)
	} else {
		p.paragraph("  ", phrase.Matches.In(p.language, id, phrase.Findings.Count(p.language, e.Matches)), plain)
	}
	p.paragraph("    ", p.decision(&e.Exception), faint)
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
	if p.report.Coverage.Complete && (scan == nil || len(p.report.Findings) == 0) {
		return
	}
	p.heading(phrase.Next.In(p.language))
	if !p.report.Coverage.Complete {
		p.paragraph("  ", phrase.NextCoverage.In(p.language), yellow)
	}
	if automatic > 0 {
		p.step([]string{"foil", "fix", scan[len(scan)-1]},
			phrase.NextFix.In(p.language, phrase.AutomaticChanges.Count(p.language, automatic)))
	}
	if scan == nil || len(p.report.Findings) == 0 {
		return
	}
	if !p.verbose {
		p.step(append(scan, "--verbose"), phrase.NextVerbose.In(p.language))
	}
	p.step(append(scan, "-o", "html", ">", "report.html"), phrase.NextPage.In(p.language))
}

// step prints a command and, below it, what it is for.
func (p *printer) step(command []string, purpose string) {
	p.line("  " + p.paint(text.Clean(strings.Join(command, " ")), green))
	p.paragraph("      ", purpose, plain)
}
