package html

import (
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

// The types below are what the templates show: clean text in one language.
type (
	severityView struct{ Class, Name string }
	countView    struct {
		Class, Name string
		Number      int
		Severity    bool
	}
	headView struct {
		Label              labelSet
		Tool, Target, Read string
		Counts             []countView
		Verdict, Nothing   string
		Gaps               []string
		ManyGaps           bool
	}
	changeView struct {
		Label           labelSet
		Open            bool
		Rank            string
		Severity        severityView
		Title, Where    string
		Reasons         []string
		Command, Advice string
		Findings        []findingView
	}
	findingView struct {
		Severity severityView
		Text     string
		Rule     *ruleLink
		State    string
		Evidence []evidenceView
	}
	ruleLink     struct{ ID, Anchor string }
	evidenceView struct{ Field, Place, Note string }
)

func (p *page) severity(name string) severityView {
	return severityView{text.Clean(name), phrase.Severity(p.language, text.Clean(name))}
}

func (p *page) head() headView {
	r := p.report
	v := headView{
		Label: p.label, Tool: text.Clean(r.Tool.Name),
		Target: phrase.Target(p.language, text.Clean(r.Target.Kind)) + " " + text.Clean(r.Target.Name),
		Read:   phrase.Size(p.language, &r.Summary),
		Counts: p.counts(), Gaps: p.gaps(), Verdict: p.verdict(),
	}
	v.ManyGaps = len(v.Gaps) > openGaps
	if len(r.Changes) == 0 {
		v.Nothing = phrase.NothingOpen.In(p.language)
		if !r.Coverage.Complete {
			v.Nothing = phrase.NothingSeenOpen.In(p.language)
		}
	}
	return v
}

// counts are the open findings by severity, and the suppressed ones.
func (p *page) counts() []countView {
	var all []countView
	for _, severity := range finding.Severities() {
		name := severity.String()
		all = append(all, countView{name, phrase.Severity(p.language, name), p.report.Summary.BySeverity[name], true})
	}
	s := p.report.Summary
	return append(all, countView{
		Class: "suppressed", Number: s.Excepted + s.Known,
		Name: phrase.Suppressed.In(p.language) + phrase.Colon.In(p.language) + phrase.SuppressedBy.In(p.language, s.Excepted, s.Known),
	})
}

func (p *page) verdict() string {
	if p.report.Coverage.Complete {
		return phrase.CoverageComplete.In(p.language)
	}
	return phrase.CoverageIncomplete.In(p.language)
}

// gaps is everything that was not seen, line by line. An incomplete scan has
// at least one line, so that the warning is there.
func (p *page) gaps() []string {
	c := &p.report.Coverage
	var all []string
	for _, line := range append(phrase.Gaps(p.language, c), phrase.WithoutVerdicts(p.language, c)...) {
		all = append(all, text.Clean(line))
	}
	if len(all) == 0 && !c.Complete {
		all = append(all, phrase.CoverageIncomplete.In(p.language))
	}
	return all
}

func (p *page) change(i int, c *report.Change) changeView {
	v := changeView{
		Label: p.label, Open: i < openChanges, Rank: strconv.Itoa(i+1) + ".", Severity: p.severity(c.Severity),
		Title: text.Clean(c.Title.In(p.language)), Where: p.where(c),
		Command: text.Clean(strings.Join(report.FixCommand(p.report.Target, c), " ")),
		Advice:  text.Clean(p.index.Advice(c).In(p.language)),
	}
	for _, reason := range c.Reasons {
		v.Reasons = append(v.Reasons, text.Clean(reason.Sentence.In(p.language)))
	}
	for _, fingerprint := range c.Fingerprints {
		if f := p.index.Finding(fingerprint); f != nil {
			v.Findings = append(v.Findings, p.finding(f, false))
		}
	}
	return v
}

// where says where the change is made and how much it removes.
func (p *page) where(c *report.Change) string {
	size := phrase.Removes(p.language, c)
	if place := report.FormatPosition(c.Position); place != "" {
		return text.Clean(place) + phrase.Comma.In(p.language) + size
	}
	return size
}

// finding shows a finding. Alone, outside of a change, it also names its object
// and says why it is there.
func (p *page) finding(f *report.Finding, alone bool) findingView {
	v := findingView{Severity: p.severity(f.Severity), Text: text.Clean(p.index.Text(f).In(p.language))}
	if anchor, ok := p.anchors[f.Rule]; ok {
		v.Rule = &ruleLink{text.Clean(f.Rule), "#" + anchor}
	}
	if alone {
		v.Text = text.Clean(f.Object.String()) + phrase.Colon.In(p.language) + v.Text
		v.State = phrase.State(p.language, text.Clean(f.State))
		if f.Exception != nil {
			v.State += phrase.Colon.In(p.language) + text.Clean(phrase.Decision(p.language, f.Exception))
		}
	}
	for i := range f.Evidence {
		e := &f.Evidence[i]
		note := e.Note.In(p.language)
		if e.Node != "" {
			note = strings.TrimSpace(report.NodeName(e.Node) + " " + note)
		}
		v.Evidence = append(v.Evidence, evidenceView{
			text.Clean(phrase.Field(p.language, e)), text.Clean(report.FormatPosition(e.Position)), text.Clean(note),
		})
	}
	return v
}
