package yamldoc_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// FuzzDecode reads anything: it must come to an end without a panic, say where
// its gaps are, and not depend on the number of workers.
func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/bad/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if filepath.Ext(file) != ".want" && len(data) < 10_000 {
			f.Add(data)
		}
	}
	limits := yamldoc.Limits{FileBytes: 1 << 20, DocumentBytes: 1 << 16, Depth: 50, Nodes: 5_000, Documents: 500, Gaps: 50}
	f.Fuzz(func(t *testing.T, data []byte) {
		one := outcome(t, data, yamldoc.Options{Limits: limits, Workers: 1})
		many := outcome(t, data, yamldoc.Options{Limits: limits, Workers: 4})
		if diff := cmp.Diff(one, many); diff != "" {
			t.Error(diff)
		}
		result := yamldoc.NewDecoder(yamldoc.Options{Limits: limits}).Decode(t.Context(), bytes.NewReader(data), "file")
		lines := bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r")) + bytes.Count(data, []byte("\u0085")) + bytes.Count(data, []byte("\u2028")) + bytes.Count(data, []byte("\u2029")) + 2
		for _, g := range result.Gaps {
			if g.Reason == "" || g.Position.Line < 0 || g.Position.Line > lines {
				t.Errorf("gap %+v in %d lines", g, lines)
			}
		}
		for _, d := range result.Documents {
			if p := d.Root().Position(); p.File != "file" || p.Line < 1 || p.Line > lines {
				t.Errorf("a document at %+v in %d lines", p, lines)
			}
		}
	})
}
