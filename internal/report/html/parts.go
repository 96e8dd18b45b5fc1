package html

import (
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

// labelSet is the words of the page in one language.
type labelSet struct {
	SkipToQueue, Queue, Why, Fix, Do, Colon, StatusLabel, ControlLabel string
	Rules, Risk, Advice, Techniques, References                        string
	Search, SearchHint, Show, Shown, NothingMatches, NotSeen           string
}

func labels(l lang.Language) labelSet {
	return labelSet{
		SkipToQueue: phrase.SkipToQueue.In(l), Queue: phrase.Queue.In(l), Why: phrase.Why.In(l), Fix: phrase.Fix.In(l),
		Do: phrase.Do.In(l), Colon: phrase.Colon.In(l), StatusLabel: phrase.StatusLabel.In(l), ControlLabel: phrase.ControlLabel.In(l),
		Rules: phrase.Rules.In(l), Risk: phrase.Risk.In(l), Advice: phrase.Advice.In(l), Techniques: phrase.Techniques.In(l),
		References: phrase.References.In(l), Search: phrase.Search.In(l), SearchHint: phrase.SearchHint.In(l), Show: phrase.Show.In(l),
		Shown: phrase.Shown.In(l), NothingMatches: phrase.NothingMatches.In(l), NotSeen: phrase.NotSeen.In(l),
	}
}

type (
	frameworkView struct {
		Label    labelSet
		Title    string
		Controls []controlView
	}
	controlView   struct{ Item, Class, Status, Title, Detail string }
	exceptionView struct{ Use, Decision string }
	ruleView      struct {
		Label                                       labelSet
		Anchor, ID, Title, Risk, Advice, Techniques string
		Severity                                    severityView
		References                                  []string
	}
)

func (p *page) framework(f *report.Framework) frameworkView {
	v := frameworkView{
		Label: p.label,
		Title: text.Clean(phrase.Compliance.In(p.language, f.Title.In(p.language))) + phrase.Colon.In(p.language) +
			phrase.Score.In(p.language, strconv.FormatFloat(f.Score, 'f', 1, 64)),
	}
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
			details = append(details, text.Clean(c.Reason))
		}
		v.Controls = append(v.Controls, controlView{
			text.Clean(c.Item), text.Clean(c.Status), phrase.Status(p.language, text.Clean(c.Status)),
			text.Clean(c.Title.In(p.language)), strings.Join(details, phrase.Comma.In(p.language)),
		})
	}
	return v
}

func (p *page) exceptions() {
	if len(p.report.Exceptions) == 0 {
		return
	}
	var all []exceptionView
	for i := range p.report.Exceptions {
		e := &p.report.Exceptions[i]
		use := phrase.MatchesNothing.In(p.language, text.Clean(e.ID))
		if e.Matches > 0 {
			use = phrase.Matches.In(p.language, text.Clean(e.ID), phrase.Findings.Count(p.language, e.Matches))
		}
		all = append(all, exceptionView{use, text.Clean(phrase.Decision(p.language, &e.Exception))})
	}
	p.part("exceptions", struct {
		Heading    string
		Exceptions []exceptionView
	}{phrase.Exceptions.In(p.language), all})
}

func (p *page) rule(rule *report.Rule) ruleView {
	v := ruleView{
		Label: p.label, Anchor: p.anchors[rule.ID], ID: text.Clean(rule.ID), Severity: p.severity(rule.Severity),
		Title: text.Clean(rule.Title.In(p.language)), Risk: text.Clean(rule.Risk.In(p.language)), Advice: text.Clean(rule.Advice.In(p.language)),
	}
	var techniques []string
	for _, technique := range rule.Techniques {
		techniques = append(techniques, text.Clean(technique.ID+" "+technique.Name.In(p.language)))
	}
	v.Techniques = strings.Join(techniques, phrase.Comma.In(p.language))
	for _, address := range rule.References {
		v.References = append(v.References, text.Clean(address))
	}
	return v
}

// anchors numbers the rules, since an id may hold anything.
func anchors(r *report.Report) map[string]string {
	all := make(map[string]string, len(r.Rules))
	for i := range r.Rules {
		all[r.Rules[i].ID] = "rule-" + strconv.Itoa(i+1)
	}
	return all
}

func (p *page) foot() any {
	return struct{ Tool, Coverage string }{text.Clean(p.report.Tool.Name + " " + p.report.Tool.Version), p.verdict()}
}
