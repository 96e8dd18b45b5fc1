package junit

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/reporttest"
)

func TestWrite(t *testing.T) { reporttest.Check(t, Write, ".xml") }

// results are what a CI system would count.
type results struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Suites   []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Cases    []struct {
			Name    string    `xml:"name,attr"`
			Failure *struct{} `xml:"failure"`
			Error   *struct{} `xml:"error"`
			Skipped *struct{} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func read(t *testing.T, r *report.Report) results {
	t.Helper()
	var got results
	written := reporttest.Bytes(t, Write, r, report.Options{Language: lang.English})
	if err := xml.Unmarshal(written, &got); err != nil {
		t.Fatalf("%v in\n%s", err, written)
	}
	return got
}

func TestCounts(t *testing.T) {
	r := reporttest.Rich()
	got := read(t, r)
	if want := r.Summary.Open; got.Failures != want {
		t.Errorf("%d failures, want %d", got.Failures, want)
	}
	if got.Errors != 5 || got.Tests != len(r.Findings)+5 {
		t.Errorf("%d errors of %d tests, want 5 of %d", got.Errors, got.Tests, len(r.Findings)+5)
	}
	tests, skipped := 0, 0
	for _, s := range got.Suites {
		failed := [3]int{}
		for _, c := range s.Cases {
			for i, outcome := range []*struct{}{c.Failure, c.Error, c.Skipped} {
				if outcome != nil {
					failed[i]++
				}
			}
		}
		if want := [3]int{s.Failures, s.Errors, s.Skipped}; failed != want || s.Tests != len(s.Cases) {
			t.Errorf("suite %q says %v of %d, has %v of %d", s.Name, want, s.Tests, failed, len(s.Cases))
		}
		tests += len(s.Cases)
		skipped += s.Skipped
	}
	if tests != got.Tests || skipped != r.Summary.Excepted+r.Summary.Known {
		t.Errorf("%d tests and %d skipped in suites, want %d and %d", tests, skipped, got.Tests, r.Summary.Excepted+r.Summary.Known)
	}
}

// TestNothingFound holds that a clean scan has a test that passes, and that an
// incomplete one does not.
func TestNothingFound(t *testing.T) {
	if got := read(t, reporttest.Empty()); got.Tests != 1 || got.Failures+got.Errors != 0 {
		t.Errorf("clean scan: %+v", got)
	}
	r := reporttest.Empty()
	r.Coverage = reporttest.Rich().Coverage
	if got := read(t, r); got.Errors != 5 || got.Tests != 5 {
		t.Errorf("incomplete scan: %+v", got)
	}
}

// TestValidXML reads every token, as a strict reader does.
func TestValidXML(t *testing.T) {
	written := reporttest.Bytes(t, Write, reporttest.Rich(), report.Options{Language: lang.Chinese})
	decoder := xml.NewDecoder(bytes.NewReader(written))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// TestSchema validates against the schema that Jenkins uses.
func TestSchema(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("SKIPPED: xmllint is not installed (Debian: libxml2-utils), so JUnit XML is not validated against its schema")
	}
	for i, r := range []*report.Report{reporttest.Rich(), reporttest.Empty(), reporttest.Large(100)} {
		file := filepath.Join(t.TempDir(), strconv.Itoa(i)+".xml")
		if err := os.WriteFile(file, reporttest.Bytes(t, Write, r, report.Options{Language: lang.English}), 0o600); err != nil {
			t.Fatal(err)
		}
		if output, err := exec.Command(xmllint, "--noout", "--schema", "testdata/junit-10.xsd", file).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, output)
		}
	}
}

func BenchmarkWrite(b *testing.B) { reporttest.Benchmark(b, Write) }
