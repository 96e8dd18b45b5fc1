package yamledit_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/fix/casetest"
	"github.com/foilsec/foil/internal/fix/yamledit"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// FuzzApply makes random edits in texts that others control: whatever comes
// in, the edits have the effect that they ask for or none.
func FuzzApply(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		archive, err := casetest.Read(file)
		if err != nil {
			f.Fatal(err)
		}
		for i, c := range archive.Files {
			if strings.Contains(c.Name, "/before") {
				f.Add(c.Data, uint64(i))
			}
		}
	}
	for seed := range uint64(20) {
		f.Add(newWriter(seed).stream(), seed)
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		docs, gaps := yamldoc.DecodeBytes(context.Background(), data, "f", yamldoc.Limits{})
		if len(gaps) > 0 || len(docs) == 0 {
			return
		}
		w := &writer{Rand: rand.New(rand.NewPCG(seed, 1)), eol: "\n"}
		tryEdits(t, data, docs, w)
	})
}

// FuzzTemplate edits texts as templates: it must end, and never panic.
func FuzzTemplate(f *testing.F) {
	f.Add([]byte("a: {{ .b }}\n{{- if .c }}\nd:\n  e: 1\n{{- end }}\n"), 4)
	f.Add([]byte("{{/* }} */}}\na: \"{{ \"}}\" }}\"\n{{"), 1)
	f.Fuzz(func(t *testing.T, data []byte, line int) {
		edits := parseEditsAt(t, line, []caseEdit{
			{Op: "set", Path: "x.y", Value: "1"}, {Op: "delete", Path: "a"}, {Op: "append", Path: "l", Value: "v"},
		})
		yamledit.Open(data, yamledit.Options{Template: true}).Apply(edits)
	})
}
