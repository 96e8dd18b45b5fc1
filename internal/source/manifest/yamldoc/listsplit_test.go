package yamldoc_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// longList writes a list of objects in the form that kubectl prints.
func longList(form string, n int) string {
	var b strings.Builder
	filler := strings.Repeat("x", 300)
	switch form {
	case "yaml":
		b.WriteString("apiVersion: v1\nitems:\n")
		for i := range n {
			fmt.Fprintf(&b, "- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: p%d\n  spec:\n    list:\n    - %s\n    text: |\n      - apiVersion: no element\n", i, filler)
		}
		b.WriteString("kind: List\nmetadata:\n  resourceVersion: \"\"\n")
	case "indented yaml":
		b.WriteString("# dump\nkind: List\napiVersion: v1\nitems:\n")
		for i := range n {
			fmt.Fprintf(&b, "  - apiVersion: v1\n    kind: Pod\n    metadata: {name: p%d, x: %s}\n", i, filler)
		}
	case "json":
		b.WriteString("{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n")
		for i := range n {
			comma := ","
			if i == n-1 {
				comma = ""
			}
			fmt.Fprintf(&b, "        {\n            \"apiVersion\": \"v1\",\n            \"kind\": \"Pod\",\n            \"metadata\": {\n                \"name\": \"p%d\",\n                \"x\": \"] , { %s\"\n            }\n        }%s\n", i, filler, comma)
		}
		b.WriteString("    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n")
	}
	return b.String()
}

// TestLongLists reads lists that are longer than a document may be, between
// other documents: every element must be there, at its place.
func TestLongLists(t *testing.T) {
	const n = 20_000
	limits := yamldoc.Limits{DocumentBytes: 2 << 20, Nodes: 50_000}
	for _, form := range []string{"yaml", "indented yaml", "json"} {
		t.Run(form, func(t *testing.T) {
			text := longList(form, n)
			before, after := "kind: A\napiVersion: v1\n---\n", "---\nkind: B\napiVersion: v1\n"
			docs, gaps := yamldoc.Decode(t.Context(), strings.NewReader(before+text+after), "f", limits)
			if len(docs) != n+2 || len(gaps) != 0 {
				t.Fatalf("%d documents, gaps %v", len(docs), reasonsOf(gaps))
			}
			lines := strings.Split(before+text+after, "\n")
			for i, d := range docs[1 : n+1] {
				name := d.Root().At("metadata", "name")
				if name.Str() != fmt.Sprint("p", i) {
					t.Fatalf("element %d is %s", i, name.Str())
				}
				at := name.Position()
				if line := lines[at.Line-1]; !strings.Contains(line[at.Column-1:], name.Str()) || !strings.HasPrefix(strings.TrimLeft(line[at.Column-1:], `"`), "name") {
					t.Fatalf("the name of element %d stands at %+v: %s", i, at, line)
				}
			}
			if last := docs[n+1].Root(); last.Get("kind").Str() != "B" || lines[last.Position().Line-1] != "kind: B" {
				t.Errorf("the last document is %v at %+v", last.Any(), last.Position())
			}
		})
	}
}

func TestLongListWithoutKinds(t *testing.T) {
	text := strings.ReplaceAll(longList("yaml", 6000), "- apiVersion: v1\n  kind: Pod\n  metadata", "- metadata")
	_, gaps := yamldoc.Decode(t.Context(), strings.NewReader(text), "f", yamldoc.Limits{Gaps: 2})
	want := "3: an element without kind in a list of more than 1 MiB, which is read in pieces; it was not scanned; give each element its apiVersion and kind"
	if got := reasonsOf(gaps); len(got) < 2 || got[0] != want {
		t.Errorf("got %.3v", got)
	}
}

// TestBrokenElement breaks one element of a long list: the pieces without it
// are read.
func TestBrokenElement(t *testing.T) {
	text := strings.Replace(longList("yaml", 20_000), "name: p7\n", "name: [\n", 1)
	docs, gaps := yamldoc.Decode(t.Context(), strings.NewReader(text), "f", yamldoc.Limits{})
	if len(docs) < 15_000 || len(gaps) != 1 {
		t.Errorf("%d documents, gaps %v", len(docs), reasonsOf(gaps))
	}
}
