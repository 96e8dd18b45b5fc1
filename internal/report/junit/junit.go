// Package junit writes a report as JUnit XML, which every CI system shows.
//
// An object is a test suite and a finding is a test case of it, so that a CI
// page groups what one person fixes in one place. Open findings fail; findings
// that are excepted or known are skipped, with the reason. What was not seen is
// a suite of errors: it never passes. A scan without findings is one test that
// passes, since CI systems take a file without tests for a broken one.
package junit

import (
	"bufio"
	"encoding/xml"
	"io"
	"slices"
	"strconv"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

var _ report.Writer = Write

// Write writes the report suite by suite, in the order of findings.
func Write(w io.Writer, r *report.Report, options report.Options) error {
	buffered := bufio.NewWriter(w)
	out := &writer{
		encoder: xml.NewEncoder(buffered), index: report.NewIndex(r), language: options.Language,
	}
	out.encoder.Indent("", "  ")
	if _, err := io.WriteString(buffered, xml.Header); err != nil {
		return err
	}
	if err := out.report(r); err != nil {
		return err
	}
	buffered.WriteByte('\n')
	return buffered.Flush()
}

type writer struct {
	encoder  *xml.Encoder
	index    *report.Index
	language lang.Language
}

func (out *writer) report(r *report.Report) error {
	suites := groupByNode(r.Findings)
	gaps := len(r.Coverage.Gaps) + len(r.Coverage.NotEvaluated)
	passed := 0
	if len(suites)+gaps == 0 {
		passed = 1
	}
	start := element("testsuites",
		"name", r.Tool.Name,
		"tests", strconv.Itoa(len(r.Findings)+gaps+passed),
		"failures", strconv.Itoa(countOpen(r.Findings)),
		"errors", strconv.Itoa(gaps))
	if err := out.encoder.EncodeToken(start); err != nil {
		return err
	}
	for _, s := range suites {
		if err := out.encoder.Encode(out.objectSuite(r, s)); err != nil {
			return err
		}
	}
	if gaps > 0 {
		if err := out.encoder.Encode(out.coverageSuite(&r.Coverage)); err != nil {
			return err
		}
	}
	if passed > 0 {
		if err := out.encoder.Encode(out.passedSuite()); err != nil {
			return err
		}
	}
	if err := out.encoder.EncodeToken(start.End()); err != nil {
		return err
	}
	return out.encoder.Flush()
}

func element(name string, attributes ...string) xml.StartElement {
	start := xml.StartElement{Name: xml.Name{Local: name}}
	for pair := range slices.Chunk(attributes, 2) {
		start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: pair[0]}, Value: text.Clean(pair[1])})
	}
	return start
}

// group is the findings of one node, as numbers in the report.
type group []int

// groupByNode keeps the order in which nodes first have a finding.
func groupByNode(findings []report.Finding) []group {
	var groups []group
	at := make(map[graph.NodeID]int)
	for i := range findings {
		j, ok := at[findings[i].Node]
		if !ok {
			j = len(groups)
			at[findings[i].Node] = j
			groups = append(groups, nil)
		}
		groups[j] = append(groups[j], i)
	}
	return groups
}

func countOpen(findings []report.Finding) int {
	open := 0
	for i := range findings {
		if isOpen(&findings[i]) {
			open++
		}
	}
	return open
}

func isOpen(f *report.Finding) bool { return f.State != "excepted" && f.State != "known" }

func (out *writer) passedSuite() *suite {
	return &suite{
		Name: "foil", Tests: 1,
		Cases: []testCase{{Class: "foil", Name: phrase.NothingOpen.In(out.language), Time: "0"}},
	}
}
