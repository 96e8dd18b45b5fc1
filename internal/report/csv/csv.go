// Package csv writes one row for each finding, for spreadsheets and scripts:
// RFC 4180, UTF-8, with a header of stable names. It leaves no finding out.
//
// Spreadsheets run cells that look like formulas. Text that begins like one
// gets an apostrophe before it, which they show as text.
package csv

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/text"
)

var _ report.Writer = Write

// header names the columns. Programs rely on the names and their order; new
// columns are added at the end.
var header = []string{
	"severity", "state", "score", "rule", "title", "kind", "namespace", "name", "api_version",
	"file", "line", "column", "path", "value", "message", "advice", "automatic_fix", "change",
	"exception_owner", "exception_reason", "exception_expires", "fingerprint",
}

// Write writes the findings in the order of the report. Only titles, messages
// and advice depend on the language.
func Write(w io.Writer, r *report.Report, options report.Options) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(header); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	index := report.NewIndex(r)
	for i := range r.Findings {
		if err := out.Write(row(&r.Findings[i], index, options)); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

func row(f *report.Finding, index *report.Index, options report.Options) []string {
	var first report.Evidence
	if len(f.Evidence) > 0 {
		first = f.Evidence[0]
	}
	var exception report.Exception
	if f.Exception != nil {
		exception = *f.Exception
	}
	rule, place := index.Rule(f.Rule), f.Place()
	return []string{
		f.Severity, f.State, strconv.FormatFloat(f.Score, 'f', -1, 64),
		cell(f.Rule), cell(rule.Title.In(options.Language)),
		cell(f.Object.Kind), cell(f.Object.Namespace), cell(f.Object.Name), cell(f.Object.APIVersion),
		cell(place.File), count(place.Line), count(place.Column), cell(first.Path), cell(first.Value),
		cell(index.Text(f).In(options.Language)), cell(rule.Advice.In(options.Language)),
		strconv.FormatBool(len(f.Fixes) > 0), cell(f.Change),
		cell(exception.Owner), cell(exception.Reason), cell(exception.Expires), cell(f.Fingerprint),
	}
}

// count is a line or column; nothing when it is not known.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// cell is text as one line that no spreadsheet takes for a formula. Fullwidth
// signs count too: some versions fold them to ASCII.
func cell(s string) string {
	s = text.Clean(s)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \u00a0\u3000"))
	if strings.ContainsRune("=+-@|%＝＋－＠", first) && s != "" {
		return "'" + s
	}
	return s
}
