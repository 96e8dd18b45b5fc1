package table

import (
	"strings"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

// finding prints one finding and its evidence.
func (p *printer) finding(indent int, label string, f *report.Finding) {
	p.labelled(indent, label, phrase.Severity(p.language, f.Severity)+phrase.Colon.In(p.language)+
		text.Clean(p.index.Text(f).In(p.language))+" ["+text.Clean(f.Rule)+"]", plain)
	for i := range f.Evidence {
		p.labelled(indent+2, "", p.evidence(&f.Evidence[i]), faint)
	}
}

// evidence is a fact on one line: object, field and value, place, note.
func (p *printer) evidence(e *report.Evidence) string {
	var parts []string
	if e.Node != "" {
		parts = append(parts, report.NodeName(e.Node))
	}
	for _, part := range []string{phrase.Field(p.language, e), report.FormatPosition(e.Position), e.Note.In(p.language)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return text.Clean(strings.Join(parts, ", "))
}

// unqueued prints the findings that no change is there for, with who accepted
// them.
func (p *printer) unqueued() {
	rest := p.report.Unqueued()
	if len(rest) == 0 {
		return
	}
	p.heading(phrase.OtherFindings.In(p.language))
	for _, f := range rest {
		p.line("")
		p.paragraph("  ", text.Clean(f.Object.String())+phrase.Comma.In(p.language)+phrase.State(p.language, f.State), plain)
		p.finding(2, "", f)
		if f.Exception != nil {
			p.labelled(2, "", text.Clean(phrase.Decision(p.language, f.Exception)), faint)
		}
	}
}
