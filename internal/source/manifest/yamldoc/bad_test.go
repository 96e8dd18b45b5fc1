package yamldoc_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

var rewrite = flag.Bool("rewrite", false, "write what was read of the bad input as what is expected")

// TestBadInput reads a corpus of broken and hostile files. Beside each lies
// what is expected: its gaps, one a line, and the objects that were read all
// the same.
func TestBadInput(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*")
	if err != nil || len(files) == 0 {
		t.Fatal("no bad input", err)
	}
	for _, file := range files {
		if filepath.Ext(file) == ".want" {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := outcome(t, data, yamldoc.Options{Limits: yamldoc.Limits{Nodes: 100_000}})
			if *rewrite {
				if err := os.WriteFile(file+".want", []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file + ".want")
			if err != nil || got != string(want) {
				t.Errorf("got:\n%swant:\n%s%v", got, want, err)
			}
		})
	}
}

// outcome writes the gaps and the objects of a stream.
func outcome(t *testing.T, data []byte, o yamldoc.Options) string {
	t.Helper()
	result := yamldoc.NewDecoder(o).Decode(t.Context(), bytes.NewReader(data), "file")
	var b strings.Builder
	for _, g := range result.Gaps {
		if g.Subject != "file" || g.Position.File != "file" {
			t.Errorf("the gap %+v does not name the file", g)
		}
		fmt.Fprintf(&b, "%d:%d: %s\n", g.Position.Line, g.Position.Column, g.Reason)
	}
	for _, d := range result.Documents {
		what := "document"
		if yamldoc.IsObject(d) {
			what = "object " + d.Root().Get("kind").Str() + " " + d.Root().At("metadata", "name").Text()
		}
		fmt.Fprintf(&b, "%s at line %d\n", strings.TrimSpace(what), d.Root().Position().Line)
	}
	return b.String()
}

// reasonsOf lists the gaps of a text as "line: reason".
func reasonsOf(gaps []graph.Gap) []string {
	var all []string
	for _, g := range gaps {
		all = append(all, fmt.Sprintf("%d: %s", g.Position.Line, g.Reason))
	}
	return all
}
