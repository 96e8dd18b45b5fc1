package markdown

import (
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
)

// framework is a table of the controls of a framework, closed at first.
func (p *page) framework(f *report.Framework) string {
	var b strings.Builder
	b.WriteString("<details><summary>" + inHTML(phrase.Compliance.In(p.language, f.Title.In(p.language))) + phrase.Colon.In(p.language) +
		phrase.Score.In(p.language, strconv.FormatFloat(f.Score, 'f', 1, 64)) + "</summary>\n\n")
	b.WriteString(row([]string{"", phrase.StatusLabel.In(p.language), phrase.ControlLabel.In(p.language), ""}))
	b.WriteString(row(repeat("---", 4)))
	for i := range f.Controls {
		c := &f.Controls[i]
		var details []string
		if c.Failed > 0 {
			details = append(details, phrase.FailedOf.In(p.language, c.Failed, c.Evaluated))
		}
		if c.Excepted > 0 {
			details = append(details, phrase.ExceptedToo.In(p.language, c.Excepted))
		}
		if c.Reason != "" {
			details = append(details, escape(c.Reason))
		}
		b.WriteString(row([]string{escape(c.Item), phrase.Status(p.language, c.Status), escape(c.Title.In(p.language)), strings.Join(details, phrase.Comma.In(p.language))}))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}
