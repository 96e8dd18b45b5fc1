package patch_test

import (
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/graph"
)

func TestParsePath(t *testing.T) {
	for text, want := range map[string]patch.Path{
		"":                       nil,
		"spec":                   {patch.Field("spec")},
		"spec.containers[0].x-y": {patch.Field("spec"), patch.Field("containers"), patch.Element(0), patch.Field("x-y")},
		"subjects[12]":           {patch.Field("subjects"), patch.Element(12)},
		`metadata.labels["a.b/c"]`: {
			patch.Field("metadata"), patch.Field("labels"), patch.Field("a.b/c"),
		},
		// Steps of controls are joined with a dot.
		`spec.["a.b"].c`: {patch.Field("spec"), patch.Field("a.b"), patch.Field("c")},
		`["a\"]b"][1][2]`: {
			patch.Field(`a"]b`), patch.Element(1), patch.Element(2),
		},
		`[""]`:   {patch.Field("")},
		"a b.玉米": {patch.Field("a b"), patch.Field("玉米")},
	} {
		got, err := patch.ParsePath(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got.String() != want.String() || len(got) != len(want) {
			t.Errorf("%q is read as %#v", text, got)
		}
	}
}

func TestParsePathRefuses(t *testing.T) {
	for text, want := range map[string]string{
		".spec": "not where a field begins", "a..b": "field name is missing", "a.": "field name is missing",
		"a[": "neither an index", "a[x]": "neither an index", "a[-1]": "neither an index", "a[1": "neither an index",
		`a["b`: "does not end", `a["b"`: "not closed", `a["\x"]`: "does not end", "a]": "not where a field begins", `a"b`: "not where",
		"a[1]b": "not where a field begins", ".[0]": "not where a field begins",
	} {
		if _, err := patch.ParsePath(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one with %q", text, err, want)
		}
	}
}

// FuzzPath holds ParsePath to being the inverse of what graphs write.
func FuzzPath(f *testing.F) {
	f.Add("spec", `a.b["`, uint8(3), "")
	f.Add("", "]", uint8(0), "x y")
	f.Fuzz(func(t *testing.T, first, second string, index uint8, third string) {
		var b graph.DocumentBuilder
		b.OpenMap("", graph.Position{})
		b.OpenMap(first, graph.Position{})
		b.OpenList(second, graph.Position{})
		for range index {
			b.Null("", graph.Position{})
		}
		b.OpenMap("", graph.Position{})
		b.Null(third, graph.Position{})
		b.Close()
		b.Close()
		b.Close()
		b.Close()
		d, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		v := d.Root().Get(first).Get(second).Item(int(index)).Get(third)
		p, err := patch.ParsePath(v.Path())
		if err != nil {
			t.Fatalf("%q: %v", v.Path(), err)
		}
		want := patch.Path{patch.Field(first), patch.Field(second), patch.Element(int(index)), patch.Field(third)}
		if len(p) != len(want) || p[0] != want[0] || p[1] != want[1] || p[2] != want[2] || p[3] != want[3] {
			t.Fatalf("%q is read as %+v, want %+v", v.Path(), p, want)
		}
		if p.String() != v.Path() {
			t.Fatalf("%q is written as %q", v.Path(), p.String())
		}
	})
}

// FuzzParsePath reads any text: what is read is written and read the same.
func FuzzParsePath(f *testing.F) {
	for _, s := range []string{"a.b[0]", `a["b.c"].d`, "[[", `["`, "a[999999999999999999999]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := patch.ParsePath(text)
		if err != nil {
			return
		}
		again, err := patch.ParsePath(p.String())
		if err != nil || again.String() != p.String() {
			t.Fatalf("%q became %q, then %q (%v)", text, p, again, err)
		}
	})
}
