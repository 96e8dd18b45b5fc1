package yamlstream

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	sigsyaml "sigs.k8s.io/yaml"
)

func TestLayout(t *testing.T) {
	type inner struct {
		Name  string   `json:"name"`
		Empty string   `json:"empty,omitempty"`
		Lists [][]int  `json:"lists"`
		None  []string `json:"none"`
		Map   struct{} `json:"map"`
		Null  *int     `json:"null"`
	}
	var b strings.Builder
	s := New(&b)
	s.Field("version", "foil/v1")
	s.Field("nested", map[string]any{"a": 1.5, "b": []string{"x: y", "true"}})
	s.List("items")
	s.Element(inner{Name: "one", Lists: [][]int{{1, 2}, {}}, None: []string{}})
	s.Element("two")
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
	want := `version: foil/v1
nested:
  a: 1.5
  b:
    - "x: y"
    - "true"
items:
  - name: one
    lists:
      -
        - 1
        - 2
      - []
    none: []
    map: {}
    "null": null
  - two
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	var back any
	if err := yaml.Unmarshal([]byte(b.String()), &back); err != nil {
		t.Error(err)
	}
}

func TestDocuments(t *testing.T) {
	var b strings.Builder
	s := New(&b)
	s.Document(map[string]int{"a": 1})
	s.Document(map[string]int{"b": 2})
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
	if want := "---\na: 1\n---\nb: 2\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestErrors(t *testing.T) {
	s := New(io.Discard)
	s.Field("a", math.NaN())
	if err := s.Flush(); err == nil {
		t.Error("a value that JSON cannot hold gave no error")
	}
	full := errors.New("disk is full")
	s = New(failing{full})
	s.Field("a", strings.Repeat("x", 1<<20))
	if err := s.Flush(); !errors.Is(err, full) {
		t.Errorf("error of the destination: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// FuzzStrings holds that two independent readers get back every string, as
// key, value and list element.
func FuzzStrings(f *testing.F) {
	for _, s := range []string{
		"", "true", "no", "y", "null", "~", "1e3", "e1", "0x10", "1_000", "2027-03-31", "- a", "a: b", "a:", "# c", "a #c",
		"'", `"`, "|", ">", "\n", "a\n", "\na", " a", "a ", "a\tb", "\u0085", "\u2028", "\ufeff", "\u00a0", "\x7f", "\x01",
		"\U0001f32f", "\U000e0041", "*a", "&a", "!a", "%a", "@a", "`a", "{a", "[a", "]", ",", "?", "---", "...", "<<", "=",
		"\r\n", "a\rb", "\\", "inf", "NaN", "ǆ", "é", "容器：运行", "a:b", "a::", strings.Repeat("long ", 300), "\xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		value := map[string]any{"k" + s: s, "list": []any{s, map[string]any{"x": s}}}
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		var want any
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		w := New(&b)
		w.Document(value)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		var v3, v2 any
		if err := yaml.Unmarshal([]byte(b.String()), &v3); err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		if err := sigsyaml.Unmarshal([]byte(b.String()), &v2); err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		if !reflect.DeepEqual(v3, want) || !reflect.DeepEqual(v2, want) {
			t.Errorf("%q is read back as %q and %q from\n%s", s, v3, v2, b.String())
		}
	})
}
