package policyreport

import (
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

// outcome is one result.
type outcome struct {
	Source     string            `json:"source"`
	Policy     string            `json:"policy"`
	Category   string            `json:"category,omitempty"`
	Severity   string            `json:"severity,omitempty"`
	Result     string            `json:"result"`
	Scored     bool              `json:"scored"`
	Message    string            `json:"message,omitempty"`
	Properties map[string]string `json:"properties,omitempty"`
}

func (o *object) add(r outcome) {
	r.Source = source
	o.Results = append(o.Results, r)
	switch r.Result {
	case "pass":
		o.Summary.Pass++
	case "fail":
		o.Summary.Fail++
	case "warn":
		o.Summary.Warn++
	case "error":
		o.Summary.Error++
	case "skip":
		o.Summary.Skip++
	}
}

func (out *writer) finding(f *report.Finding) outcome {
	rule := out.index.Rule(f.Rule)
	r := outcome{
		Policy: text.Clean(f.Rule), Category: text.Clean(rule.Category), Severity: f.Severity,
		Result: "fail", Scored: true, Message: text.Clean(out.index.Text(f).In(out.language)),
		Properties: map[string]string{"fingerprint": f.Fingerprint, "state": f.State},
	}
	property := func(name, value string) {
		if value != "" {
			r.Properties[name] = text.Clean(value)
		}
	}
	property("title", rule.Title.In(out.language))
	property("advice", rule.Advice.In(out.language))
	property("change", f.Change)
	property("position", report.FormatPosition(f.Place()))
	if len(f.Evidence) > 0 {
		property("field", phrase.Field(out.language, &f.Evidence[0]))
	}
	if f.State == "excepted" {
		r.Result, r.Scored = "skip", false
	}
	if f.Exception != nil {
		property("exception", phrase.Decision(out.language, f.Exception))
	}
	return r
}

func (out *writer) withoutVerdict(n *report.NotEvaluated) outcome {
	rule := out.index.Rule(n.Rule)
	return outcome{
		Policy: text.Clean(n.Rule), Category: text.Clean(rule.Category), Severity: rule.Severity,
		Result: "error", Message: text.Clean(n.Reason),
	}
}

// coverage is the cluster-wide report. It passes only when everything that was
// asked for was seen.
func (out *writer) coverage() *object {
	c := &out.report.Coverage
	o := out.empty(coverageName)
	verdict := outcome{Policy: "coverage", Category: "coverage", Result: "pass", Message: phrase.CoverageComplete.In(out.language)}
	if !c.Complete {
		verdict.Result, verdict.Message = "error", phrase.CoverageIncomplete.In(out.language)
	}
	o.add(verdict)
	for i := range c.Gaps {
		o.add(outcome{
			Policy: "coverage", Category: "coverage", Result: "error",
			Message: text.Clean(phrase.GapSubject(&c.Gaps[i]) + phrase.Colon.In(out.language) + c.Gaps[i].Reason),
		})
	}
	for i := range c.NotEvaluated {
		if c.NotEvaluated[i].Node == "" {
			o.add(out.withoutVerdict(&c.NotEvaluated[i]))
		}
	}
	for i := range out.report.Frameworks {
		out.manual(o, &out.report.Frameworks[i])
	}
	return o
}

// manual adds the requirements of a framework that only a person can check.
func (out *writer) manual(o *object, f *report.Framework) {
	for i := range f.Controls {
		c := &f.Controls[i]
		if c.Status != "manual" {
			continue
		}
		policy := c.Rule
		if policy == "" {
			policy = f.ID + " " + c.Item
		}
		o.add(outcome{
			Policy: text.Clean(policy), Category: "compliance", Severity: c.Severity, Result: "warn",
			Message:    text.Clean(c.Title.In(out.language)),
			Properties: map[string]string{"framework": text.Clean(f.ID), "item": text.Clean(c.Item)},
		})
	}
}
