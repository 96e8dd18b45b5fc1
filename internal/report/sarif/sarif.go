// Package sarif writes a report as SARIF 2.1.0, the form that code scanning
// pages read, GitHub's first among them: each finding on its line, with the
// help of its rule, and identities that survive edits elsewhere in the file.
//
// What GitHub asks for beyond the standard, and what this package does:
//   - Every result needs a file. A finding of a live object gets a stable made
//     up one, kubernetes/GROUP/KIND/NAMESPACE/NAME, and its logical location; a
//     flaw of a package image/REFERENCE/FILE.
//   - A run of more than 25,000 results is refused. The findings after those,
//     which have the lowest scores, are left out, and a notification says so.
//   - Alerts are told apart by primaryLocationLineHash, so that is made from
//     the fingerprint.
//   - Suppressions are not read: excepted findings, which are here with their
//     suppression, show as open until dismissed there.
//
// Fixes are not written as SARIF fixes. Those are replacements of exact text
// regions, and a report knows fields, not where their text ends; help and
// messages say what to do.
package sarif

import (
	"io"
	"strings"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/jsonstream"
	"github.com/foilsec/foil/internal/report/phrase"
)

var _ report.Writer = Write

// maxResults is what GitHub takes in one run.
const maxResults = 25_000

// Write writes the report as one run, result by result.
func Write(w io.Writer, r *report.Report, options report.Options) error {
	run := newRun(r, options.Language)
	s := jsonstream.New(w)
	s.Object(func() {
		s.Field("$schema", schemaAddress)
		s.Field("version", version)
		s.ArrayField("runs", func() { s.Object(func() { run.write(s) }) })
	})
	return s.Close()
}

// run is the one run of the file.
type run struct {
	report   *report.Report
	index    *report.Index
	language lang.Language
	findings []report.Finding // those that fit
	rules    []*report.Rule
	ruleAt   map[string]int
}

func newRun(r *report.Report, language lang.Language) *run {
	out := &run{
		report: r, index: report.NewIndex(r), language: language,
		findings: r.Findings[:min(len(r.Findings), maxResults)],
		ruleAt:   make(map[string]int, len(r.Rules)),
	}
	for i := range r.Rules {
		out.addRule(&r.Rules[i])
	}
	for i := range out.findings {
		if id := out.findings[i].Rule; out.isNew(id) {
			out.addRule(out.index.Rule(id))
		}
	}
	return out
}

func (out *run) isNew(rule string) bool {
	_, ok := out.ruleAt[rule]
	return !ok
}

func (out *run) addRule(rule *report.Rule) {
	out.ruleAt[rule.ID] = len(out.rules)
	out.rules = append(out.rules, rule)
}

func (out *run) write(s *jsonstream.Writer) {
	s.ObjectField("tool", func() {
		s.ObjectField("driver", func() {
			s.Field("name", out.report.Tool.Name)
			s.Field("version", out.report.Tool.Version)
			s.Field("informationUri", "https://github.com/foilsec/foil")
			s.ArrayField("notifications", func() {
				for _, d := range out.notificationKinds() {
					s.Item(d)
				}
			})
			s.ArrayField("rules", func() {
				for _, rule := range out.rules {
					s.Item(out.rule(rule))
				}
			})
		})
	})
	s.Field("language", map[lang.Language]string{lang.English: "en-US", lang.Chinese: "zh-CN"}[out.reader()])
	s.Field("originalUriBaseIds", map[string]any{
		sourceRoot: map[string]any{"description": message{Text: phrase.SourceRoot.In(out.language)}},
	})
	s.Field("columnKind", "unicodeCodePoints")
	s.ArrayField("invocations", func() { s.Object(func() { out.invocation(s) }) })
	s.Field("properties", map[string]any{
		"target": out.report.Target, "summary": out.report.Summary, "coverageComplete": out.report.Coverage.Complete,
	})
	s.ArrayField("results", func() {
		for i := range out.findings {
			s.Item(out.result(&out.findings[i]))
		}
	})
}

// reader is the language of the texts, for a report that names none English.
func (out *run) reader() lang.Language {
	if out.language == lang.Chinese {
		return lang.Chinese
	}
	return lang.English
}

// plain keeps a text from being read as a link: SARIF viewers make links of
// [text](address).
func plain(s string) string { return strings.ReplaceAll(s, "](", `\](`) }
