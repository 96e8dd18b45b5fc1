package reporttest

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
)

var update = flag.Bool("update", false, "write what tests get into their golden files")

// Bytes is what a writer makes of a report.
func Bytes(t testing.TB, write report.Writer, r *report.Report, options report.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, r, options); err != nil {
		t.Fatalf("write: %v", err)
	}
	return b.Bytes()
}

// Golden compares bytes with the file testdata/name of the package under test,
// or writes the file when the test runs with -update.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update to make it", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: output has changed: run the test with -update and review the diff; got\n%s", path, firstDifference(got, want))
	}
}

// firstDifference is the first line in which two outputs differ.
func firstDifference(got, want []byte) string {
	g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(g), len(w)) {
		if !bytes.Equal(g[i], w[i]) {
			return "- " + string(w[i]) + "\n+ " + string(g[i])
		}
	}
	return "one ends before the other"
}

// Check runs what every writer must pass: golden files of the rich and the
// empty report, two runs that agree, errors of the destination that are
// reported, and a report that is left as it was.
func Check(t *testing.T, write report.Writer, extension string) {
	t.Helper()
	for _, language := range []lang.Language{lang.English, lang.Chinese} {
		options := report.Options{Language: language}
		rich := Bytes(t, write, Rich(), options)
		Golden(t, "rich."+string(language)+extension, rich)
		Golden(t, "empty."+string(language)+extension, Bytes(t, write, Empty(), options))
		if again := Bytes(t, write, Rich(), options); !bytes.Equal(rich, again) {
			t.Error("two runs differ:", firstDifference(again, rich))
		}
	}
	for after := range 3 {
		if err := write(&failing{after: after * 1000}, Rich(), report.Options{Language: lang.English}); err == nil {
			t.Errorf("no error although the destination failed after %d bytes", after*1000)
		}
	}
	if err := write(io.Discard, &report.Report{}, report.Options{}); err != nil {
		t.Errorf("zero report: %v", err)
	}
}

// failing takes some bytes and then fails, as a full disk does.
type failing struct{ after int }

func (f *failing) Write(p []byte) (int, error) {
	if f.after -= len(p); f.after < 0 {
		return 0, os.ErrClosed
	}
	return len(p), nil
}

// Benchmark writes a report of 10,000 findings again and again.
func Benchmark(b *testing.B, write report.Writer) {
	r := Large(10_000)
	b.ReportAllocs()
	for b.Loop() {
		if err := write(io.Discard, r, report.Options{Language: lang.English}); err != nil {
			b.Fatal(err)
		}
	}
}
