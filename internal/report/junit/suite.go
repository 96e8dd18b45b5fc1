package junit

import (
	"strings"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

// suite, testCase and the types below hold what the schemas of Jenkins and
// Maven Surefire both allow, and no more.
type suite struct {
	XMLName    struct{}    `xml:"testsuite"`
	Name       string      `xml:"name,attr"`
	Tests      int         `xml:"tests,attr"`
	Failures   int         `xml:"failures,attr"`
	Errors     int         `xml:"errors,attr"`
	Skipped    int         `xml:"skipped,attr"`
	File       string      `xml:"file,attr,omitempty"`
	Properties *properties `xml:"properties"`
	Cases      []testCase  `xml:"testcase"`
}

type properties struct {
	Properties []property `xml:"property"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type testCase struct {
	Name    string   `xml:"name,attr"`
	Class   string   `xml:"classname,attr"`
	Time    string   `xml:"time,attr"`
	Failure *outcome `xml:"failure"`
	Error   *outcome `xml:"error"`
	Skipped *outcome `xml:"skipped"`
}

type outcome struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// objectSuite is the suite of one object.
func (out *writer) objectSuite(r *report.Report, findings group) *suite {
	first := &r.Findings[findings[0]]
	s := &suite{
		Name: text.Clean(first.Object.String()), Tests: len(findings), File: text.Clean(first.Place().File),
		Properties: &properties{[]property{{"node", text.Clean(string(first.Node))}}},
	}
	for _, i := range findings {
		f := &r.Findings[i]
		c := testCase{Name: out.caseName(f), Class: s.Name, Time: "0"}
		switch {
		case isOpen(f):
			s.Failures++
			c.Failure = &outcome{text.Clean(f.Severity), text.Clean(out.index.Text(f).In(out.language)), out.details(f)}
		default:
			s.Skipped++
			c.Skipped = &outcome{Message: out.whySkipped(f)}
		}
		s.Cases = append(s.Cases, c)
	}
	return s
}

// caseName is the title of the rule with its id. The field tells several
// findings of one rule on one object apart: CI systems follow a test over time
// by its name.
func (out *writer) caseName(f *report.Finding) string {
	name := out.index.Rule(f.Rule).Title.In(out.language)
	if name != f.Rule {
		name += " (" + f.Rule + ")"
	}
	if len(f.Evidence) > 0 && f.Evidence[0].Path != "" {
		name += " " + f.Evidence[0].Path
	}
	return text.Clean(name)
}

// details is what a person reads under a failed test.
func (out *writer) details(f *report.Finding) string {
	rule := out.index.Rule(f.Rule)
	var b strings.Builder
	line := func(parts ...string) {
		for _, part := range parts {
			b.WriteString(text.Clean(part))
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	for i := range f.Evidence {
		e := &f.Evidence[i]
		line(out.evidence(e))
	}
	for _, sentence := range []string{rule.Risk.In(out.language), rule.Advice.In(out.language)} {
		if sentence != "" {
			line(sentence)
		}
	}
	for _, address := range rule.References {
		line(address)
	}
	line("fingerprint ", f.Fingerprint)
	return b.String()
}

// evidence is a fact on one line. The place comes first, where editors and CI
// pages look for it.
func (out *writer) evidence(e *report.Evidence) string {
	var parts []string
	for _, part := range []string{report.FormatPosition(e.Position), report.NodeName(e.Node), phrase.Field(out.language, e), e.Note.In(out.language)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ": ")
}

func (out *writer) whySkipped(f *report.Finding) string {
	state := phrase.State(out.language, f.State)
	if f.Exception == nil {
		return state
	}
	return text.Clean(state + phrase.Colon.In(out.language) + phrase.Decision(out.language, f.Exception))
}

// coverageSuite has an error for everything that was not seen.
func (out *writer) coverageSuite(c *report.Coverage) *suite {
	s := &suite{Name: phrase.Coverage.In(out.language)}
	add := func(name, reason string) {
		s.Tests++
		s.Errors++
		s.Cases = append(s.Cases, testCase{
			Name: text.Clean(name), Class: s.Name, Time: "0",
			Error: &outcome{Type: "not-seen", Message: text.Clean(reason)},
		})
	}
	for i := range c.Gaps {
		add(phrase.GapSubject(&c.Gaps[i]), c.Gaps[i].Reason)
	}
	for i := range c.NotEvaluated {
		add(phrase.WithoutVerdict(out.language, &c.NotEvaluated[i]), c.NotEvaluated[i].Reason)
	}
	return s
}
