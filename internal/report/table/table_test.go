package table

import (
	"regexp"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/reporttest"
	"github.com/foilsec/foil/internal/report/text"
)

func TestWrite(t *testing.T) {
	reporttest.Check(t, Write, ".txt")
	for name, options := range map[string]report.Options{
		"verbose.en.txt": {Language: lang.English, Verbose: true, Width: 100},
		"verbose.zh.txt": {Language: lang.Chinese, Verbose: true},
		"colour.en.txt":  {Language: lang.English, Colour: true},
		"narrow.zh.txt":  {Language: lang.Chinese, Width: 40},
	} {
		reporttest.Golden(t, name, reporttest.Bytes(t, Write, reporttest.Rich(), options))
	}
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]+m")

// TestLinesFit holds the width of every line in every form, and that hostile
// names reach the terminal as visible characters only.
func TestLinesFit(t *testing.T) {
	large := reporttest.Large(200)
	for _, r := range []*report.Report{reporttest.Rich(), reporttest.Empty(), large} {
		for _, language := range []lang.Language{lang.English, lang.Chinese} {
			for _, width := range []int{0, 40, 80, 200} {
				for _, verbose := range []bool{false, true} {
					options := report.Options{Language: language, Width: width, Verbose: verbose, Colour: true}
					checkLines(t, string(reporttest.Bytes(t, Write, r, options)), options)
				}
			}
		}
	}
}

func checkLines(t *testing.T, output string, options report.Options) {
	limit := min(max(options.Width, 40), 120)
	if options.Width == 0 {
		limit = 80
	}
	for _, line := range strings.Split(strings.TrimSuffix(output, "\n"), "\n") {
		bare := colours.ReplaceAllString(line, "")
		if text.Clean(bare) != bare {
			t.Errorf("line %q would act on the terminal", bare)
		}
		// A single argument of a command is never broken.
		if !strings.Contains(bare, "foil ") && !strings.Contains(bare, "--change") && text.Width(bare) > limit {
			t.Errorf("line %q is wider than %d", bare, limit)
		}
		if bare != strings.TrimRight(bare, " ") {
			t.Errorf("line %q ends with spaces", bare)
		}
	}
}

// TestColourIsOptional holds that colours change nothing else.
func TestColourIsOptional(t *testing.T) {
	with := string(reporttest.Bytes(t, Write, reporttest.Rich(), report.Options{Colour: true}))
	without := string(reporttest.Bytes(t, Write, reporttest.Rich(), report.Options{}))
	if strings.Contains(without, "\x1b") {
		t.Error("colours although none were asked for")
	}
	if colours.ReplaceAllString(with, "") != without {
		t.Error("with colours the text is another")
	}
}

// TestNeverGreener holds that an incomplete scan says so even when it found
// nothing, and that suppressed findings are counted.
func TestNeverGreener(t *testing.T) {
	r := reporttest.Empty()
	r.Coverage = reporttest.Rich().Coverage
	output := string(reporttest.Bytes(t, Write, r, report.Options{Language: lang.English}))
	for _, want := range []string{"INCOMPLETE", "loyalty/broken.yaml:14", "in what could be read", "suppressed", "image-signature was not evaluated on 2 places"} {
		if !strings.Contains(output, want) {
			t.Errorf("output of an incomplete scan lacks %q:\n%s", want, output)
		}
	}
}

func TestQueueGetsShorter(t *testing.T) {
	r := reporttest.Large(100)
	output := string(reporttest.Bytes(t, Write, r, report.Options{Language: lang.English}))
	if got := strings.Count(output, "The Internet reaches it"); got != fullChanges {
		t.Errorf("%d changes with reasons, want %d", got, fullChanges)
	}
	if got := strings.Count(output, "CRITICAL"); got != len(r.Changes) {
		t.Errorf("%d changes, want all %d", got, len(r.Changes))
	}
	if !strings.Contains(output, "From 11 on without reasons") {
		t.Error("nothing says that reasons are left out")
	}
}

func TestManyGaps(t *testing.T) {
	r := reporttest.Empty()
	r.Coverage.Complete = false
	for range 30 {
		r.Coverage.Gaps = append(r.Coverage.Gaps, reporttest.Rich().Coverage.Gaps[1])
	}
	if output := string(reporttest.Bytes(t, Write, r, report.Options{})); !strings.Contains(output, "and 10 more") {
		t.Errorf("gaps are left out silently:\n%s", output)
	}
}

func BenchmarkWrite(b *testing.B) { reporttest.Benchmark(b, Write) }
