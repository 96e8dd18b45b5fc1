package table

import (
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

// finding prints one finding and its evidence.
func (p *printer) finding(indent int, label string, f *report.Finding) {
	p.labelled(indent, label, phrase.Severity(p.language, f.Severity)+"  "+
		text.Clean(p.index.Text(f).In(p.language))+"  ["+text.Clean(f.Rule)+"]", plain)
	for i := range f.Evidence {
		p.labelled(indent, "", "  "+p.evidence(&f.Evidence[i]), faint)
	}
}

// evidence is a fact on one line: object, field, value, place, note.
func (p *printer) evidence(e *report.Evidence) string {
	s := ""
	add := func(part string) {
		if part != "" {
			s += "  " + text.Clean(part)
		}
	}
	if e.Node != "" {
		add(report.NodeName(e.Node))
	}
	switch {
	case e.Path != "" && e.Value != "":
		add(e.Path + " = " + e.Value)
	case e.Path != "":
		add(e.Path + " " + phrase.NotSet.In(p.language))
	default:
		add(e.Value)
	}
	add(report.FormatPosition(e.Position))
	add(e.Note.In(p.language))
	return s
}

// suppressedFindings prints what no change is there for: findings that are
// excepted or known, with who accepted them.
func (p *printer) suppressedFindings() {
	if p.report.Summary.Excepted+p.report.Summary.Known == 0 {
		return
	}
	p.heading(phrase.SuppressedFindings.In(p.language))
	for i := range p.report.Findings {
		f := &p.report.Findings[i]
		if f.State == "open" {
			continue
		}
		p.line("")
		p.paragraph("  ", text.Clean(f.Object.String())+"  "+phrase.State(p.language, f.State), plain)
		p.finding(2, "", f)
		if f.Exception != nil {
			p.labelled(2, "", p.decision(f.Exception), faint)
		}
	}
}

// decision is who accepted a finding, why and until when.
func (p *printer) decision(e *report.Exception) string {
	end := phrase.Forever.In(p.language)
	if e.Expires != "" {
		end = phrase.Until.In(p.language, text.Clean(e.Expires))
	}
	return phrase.DecidedBy.In(p.language, text.Clean(e.Reason), text.Clean(e.Owner), end)
}
