package table

import (
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

var statusStyles = map[string]style{"passed": green, "failed": red, "not-evaluated": yellow, "manual": yellow, "not-applicable": faint}

// framework prints the compliance with a framework, control by control.
func (p *printer) framework(f *report.Framework) {
	p.heading(phrase.Compliance.In(p.language, text.Clean(f.Title.In(p.language))) + phrase.Colon.In(p.language) +
		phrase.Score.In(p.language, number(f.Score)))
	items, statuses := 0, 0
	for i := range f.Controls {
		items = max(items, text.Width(text.Clean(f.Controls[i].Item)))
		statuses = max(statuses, text.Width(phrase.Status(p.language, f.Controls[i].Status)))
	}
	for i := range f.Controls {
		p.frameworkControl(&f.Controls[i], items, statuses)
	}
}

func (p *printer) frameworkControl(c *report.FrameworkControl, items, statuses int) {
	prefix := "  "
	columns := 2
	if items > 0 {
		prefix += text.Pad(text.Clean(c.Item), items) + "  "
		columns += items + 2
	}
	prefix += p.paint(text.Pad(phrase.Status(p.language, c.Status), statuses), statusStyles[c.Status]) + "  "
	columns += statuses + 2
	p.prefixed(prefix, columns, p.verdict(c), plain)
}

// verdict is the title of a control and what is behind its status.
func (p *printer) verdict(c *report.FrameworkControl) string {
	var details []string
	if c.Failed > 0 {
		details = append(details, phrase.FailedOf.In(p.language, c.Failed, c.Evaluated))
	}
	if c.Excepted > 0 {
		details = append(details, phrase.ExceptedToo.In(p.language, c.Excepted))
	}
	if c.Reason != "" {
		details = append(details, text.Clean(c.Reason))
	}
	title := text.Clean(c.Title.In(p.language))
	if len(details) == 0 {
		return title
	}
	return title + phrase.Colon.In(p.language) + strings.Join(details, phrase.Comma.In(p.language))
}

// number is a score with one digit after the point at most.
func number(score float64) string {
	return strconv.FormatFloat(float64(int(score*10+0.5))/10, 'f', -1, 64)
}
