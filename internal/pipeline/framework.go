package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/rule/control"
)

// The states of a requirement.
const (
	statusPassed        = "passed"
	statusFailed        = "failed"
	statusNotEvaluated  = "not-evaluated"
	statusNotApplicable = "not-applicable" // nothing that it is about was read
	statusManual        = "manual"
)

// weights say how much a control of a severity counts in the score of a
// framework: a critical one as much as ten low ones.
var weights = map[finding.Severity]float64{
	finding.Critical: 10, finding.High: 7, finding.Medium: 4, finding.Low: 1, finding.Info: 0.5,
}

// frameworks scores each framework that was asked for.
func (b *reportBuilder) frameworks() []report.Framework {
	failed, excepted := b.countByRule()
	var list []report.Framework
	for i := range b.options.Content.Frameworks {
		f := &b.options.Content.Frameworks[i]
		if slices.ContainsFunc(b.options.Frameworks, func(name string) bool { return strings.EqualFold(name, f.ID) }) {
			list = append(list, b.framework(f, failed, excepted))
		}
	}
	return list
}

// countByRule counts the nodes that break each rule, and those among them
// whose finding is excepted.
func (b *reportBuilder) countByRule() (failed, excepted map[string]int) {
	failed, excepted = map[string]int{}, map[string]int{}
	for _, f := range b.sink.findings {
		failed[f.Rule]++
		if f.State == finding.Excepted {
			excepted[f.Rule]++
		}
	}
	return failed, excepted
}

func (b *reportBuilder) framework(f *control.Framework, failed, excepted map[string]int) report.Framework {
	out := report.Framework{ID: f.ID, Title: f.Title}
	var sum, weight float64
	for _, r := range b.sink.rules {
		for _, ref := range r.Frameworks {
			if !strings.EqualFold(ref.Framework, f.ID) {
				continue
			}
			c := b.frameworkControl(&r, ref.Item, failed[r.ID], excepted[r.ID])
			out.Controls = append(out.Controls, c)
			if c.Status == statusPassed || c.Status == statusFailed {
				sum += weights[r.Severity] * c.Score
				weight += weights[r.Severity]
			}
		}
	}
	for _, o := range f.Others {
		out.Controls = append(out.Controls, otherControl(&o))
	}
	if weight > 0 {
		out.Score = float64(int(sum/weight*10+0.5)) / 10
	}
	slices.SortStableFunc(out.Controls, func(x, y report.FrameworkControl) int {
		return cmp.Or(compareItems(x.Item, y.Item), cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Title.EN, y.Title.EN))
	})
	return out
}

func (b *reportBuilder) frameworkControl(r *finding.Rule, item string, failed, excepted int) report.FrameworkControl {
	c := report.FrameworkControl{
		Item: item, Rule: r.ID, Title: r.Title, Severity: r.Severity.String(),
		Evaluated: b.sink.evaluated[r.ID], Failed: failed, Excepted: excepted,
	}
	broken := failed - excepted
	switch reason := b.notEvaluatedReason(r.ID); {
	case reason != "" && broken == 0:
		c.Status, c.Reason = statusNotEvaluated, reason
	case c.Evaluated == 0 && failed == 0:
		c.Status, c.Reason = statusNotApplicable, "nothing that the control is about was read"
	case broken > 0:
		c.Status = statusFailed
	default:
		c.Status = statusPassed
	}
	if total := max(c.Evaluated, failed); total > 0 {
		c.Score = float64(int(1000*float64(total-broken)/float64(total)+0.5)) / 10
	}
	return c
}

func (b *reportBuilder) notEvaluatedReason(rule string) string {
	for _, n := range b.sink.notEvaluated {
		if n.Rule == rule {
			return n.Reason
		}
	}
	return ""
}

// compareItems orders "5.2.10" after "5.2.9".
func compareItems(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		if c := cmp.Or(cmp.Compare(len(x[i]), len(y[i])), cmp.Compare(x[i], y[i])); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(x), len(y))
}

// otherControl is a requirement that objects do not decide.
func otherControl(r *control.Requirement) report.FrameworkControl {
	c := report.FrameworkControl{Item: r.Item, Title: r.Title, Severity: r.Severity.String()}
	switch r.Class {
	case "manual":
		c.Status, c.Reason = statusManual, "has to be checked by a person"
	case "removed":
		c.Status, c.Reason = statusNotApplicable, "is about an API that Kubernetes no longer has"
	default:
		c.Status, c.Reason = statusNotEvaluated, "needs "+r.Class+" data, which this scan does not read"
	}
	return c
}
