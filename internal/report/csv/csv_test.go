package csv

import (
	"bytes"
	stdcsv "encoding/csv"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/reporttest"
)

func TestWrite(t *testing.T) { reporttest.Check(t, Write, ".csv") }

func TestReadBack(t *testing.T) {
	r := reporttest.Rich()
	written := reporttest.Bytes(t, Write, r, report.Options{Language: lang.English})
	rows, err := stdcsv.NewReader(bytes.NewReader(written)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(r.Findings)+1 {
		t.Fatalf("%d rows for %d findings and a header", len(rows), len(r.Findings))
	}
	if lines := bytes.Count(written, []byte("\r\n")); lines != len(rows) {
		t.Errorf("%d lines for %d rows: a cell breaks its line", lines, len(rows))
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for i, f := range r.Findings {
		row := rows[i+1]
		if row[column["fingerprint"]] != f.Fingerprint || row[column["rule"]] != f.Rule || row[column["state"]] != f.State {
			t.Errorf("row %d is %q, want finding %s of %s", i, row, f.Fingerprint, f.Rule)
		}
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.ContainsAny(cell, "\x00\x1b\n\r") {
				t.Errorf("cell %q acts on its reader", cell)
			}
		}
	}
	if got := rows[1][column["line"]]; got != "23" {
		t.Errorf("line of the first finding = %q", got)
	}
	if got := rows[8][column["exception_owner"]]; got != "kitchen team" {
		t.Errorf("owner of the exception = %q", got)
	}
}

func TestCell(t *testing.T) {
	for in, want := range map[string]string{
		"plain":     "plain",
		"":          "",
		"=1+1":      "'=1+1",
		"+1":        "'+1",
		"-1":        "'-1",
		"@SUM(A1)":  "'@SUM(A1)",
		" =1":       "' =1",
		"\t=1":      `\t=1`,
		"＝1":        "'＝1",
		"a=1":       "a=1",
		"|cmd":      "'|cmd",
		"\r\n=1":    `\r\n=1`,
		`say "hey"`: `say "hey"`,
	} {
		if got := cell(in); got != want {
			t.Errorf("cell(%q) = %q, want %q", in, got, want)
		}
	}
}

func BenchmarkWrite(b *testing.B) { reporttest.Benchmark(b, Write) }
