package markdown

import (
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
)

// changes writes the queue. What does not fit is counted.
func (p *page) changes() {
	all := p.report.Changes
	if len(all) == 0 {
		return
	}
	p.block("### " + phrase.Queue.In(p.language) + "\n")
	omitted, findings := 0, 0
	omit := func(c *report.Change) {
		omitted++
		findings += len(c.Fingerprints)
	}
	for i := range min(len(all), fullChanges) {
		if !p.block(p.change(i+1, &all[i])) {
			omit(&all[i])
		}
	}
	if len(all) > fullChanges {
		p.otherChanges(omit)
	}
	if omitted > 0 {
		// There is room for this line: the reserve is for it and the foot.
		p.out.WriteString("**" + phrase.ChangesLeftOut.In(p.language,
			phrase.Changes.Count(p.language, omitted), phrase.Findings.Count(p.language, findings)) + "**\n\n")
	}
}

// otherChanges writes the later changes as a table that opens on demand.
func (p *page) otherChanges(omit func(*report.Change)) {
	all := p.report.Changes[fullChanges:]
	header := "<details><summary>" + phrase.OtherChanges.Count(p.language, len(all)) + "</summary>\n\n" +
		row([]string{"", phrase.SeverityLabel.In(p.language), phrase.ChangeLabel.In(p.language), phrase.Place.In(p.language), phrase.AllFindings.In(p.language)}) +
		row([]string{"---:", "---", "---", "---", "---:"})
	const closing = "\n</details>\n"
	if units(header+closing) > p.left {
		for i := range all {
			omit(&all[i])
		}
		return
	}
	p.out.WriteString(header)
	p.left -= units(header + closing)
	for i := range all {
		c := &all[i]
		line := row([]string{
			strconv.Itoa(fullChanges + i + 1), phrase.Severity(p.language, c.Severity),
			escape(c.Title.In(p.language)), cellCode(report.FormatPosition(c.Position)), strconv.Itoa(len(c.Fingerprints)),
		})
		if units(line) > p.left {
			omit(c)
			continue
		}
		p.left -= units(line)
		p.out.WriteString(line)
	}
	p.out.WriteString(closing + "\n")
}

// change is one change with its reasons, its fix and its findings.
func (p *page) change(number int, c *report.Change) string {
	var b strings.Builder
	b.WriteString("#### " + strconv.Itoa(number) + "\\. " + strings.ToUpper(phrase.Severity(p.language, c.Severity)) +
		phrase.Colon.In(p.language) + escape(c.Title.In(p.language)) + "\n\n")
	if place := report.FormatPosition(c.Position); place != "" {
		b.WriteString(code(place) + phrase.Comma.In(p.language))
	}
	b.WriteString(phrase.Removes(p.language, c) + "\n\n")
	for _, reason := range c.Reasons {
		b.WriteString("- " + escape(reason.Sentence.In(p.language)) + "\n")
	}
	if len(c.Reasons) > 0 {
		b.WriteString("\n")
	}
	b.WriteString(p.fix(c))
	b.WriteString(p.findings(c))
	return b.String()
}

// fix is the command that shows the diff, or else what a person does.
func (p *page) fix(c *report.Change) string {
	if command := report.FixCommand(p.report.Target, c); command != nil {
		return fence("sh", strings.Join(command, " "))
	}
	if advice := p.index.Advice(c).In(p.language); advice != "" {
		return escape(advice) + "\n\n"
	}
	return ""
}

// findings is a table of what the change removes, closed at first.
func (p *page) findings(c *report.Change) string {
	var b strings.Builder
	b.WriteString("<details><summary>" + phrase.Findings.Count(p.language, len(c.Fingerprints)) + "</summary>\n\n")
	b.WriteString(row([]string{phrase.SeverityLabel.In(p.language), phrase.FindingLabel.In(p.language), phrase.Evidence.In(p.language), phrase.Place.In(p.language)}))
	b.WriteString(row(repeat("---", 4)))
	for _, fingerprint := range c.Fingerprints {
		f := p.index.Finding(fingerprint)
		if f == nil {
			continue
		}
		evidence := ""
		if len(f.Evidence) > 0 {
			evidence = cellCode(phrase.Field(p.language, &f.Evidence[0]))
		}
		b.WriteString(row([]string{
			phrase.Severity(p.language, f.Severity),
			escape(p.index.Text(f).In(p.language)) + " " + cellCode(f.Rule),
			evidence, cellCode(report.FormatPosition(f.Place())),
		}))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}
