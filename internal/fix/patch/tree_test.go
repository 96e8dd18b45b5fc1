package patch_test

import (
	"errors"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/patch"
)

// edit reads "OP PATH VALUE".
func edit(t testing.TB, text string) patch.Edit {
	t.Helper()
	op, rest, _ := strings.Cut(text, " ")
	path, value, _ := strings.Cut(rest, " ")
	e, err := patch.ParseEdit(finding.Fix{Operation: finding.Operation(op), Path: path, Value: value})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func model(t testing.TB, text string) any {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		t.Fatal(err)
	}
	m, err := patch.ModelOf(n.Content[0])
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestApply(t *testing.T) {
	for name, test := range map[string]struct {
		before string
		edits  []string
		after  string
	}{
		"set":                        {"{a: 1}", []string{"set a 2", "set b.c.d x"}, "{a: 2, b: {c: {d: x}}}"},
		"set below what is set":      {"{}", []string{"set a {b: 1}", "set a.c 2"}, "{a: {b: 1, c: 2}}"},
		"set below, other order":     {"{a: {x: 1}}", []string{"set a.c 2", "set a {b: 1}"}, "{a: {b: 1, c: 2}}"},
		"set deep below":             {"{}", []string{"set a {b: {c: 1}}", "set a.b.d 2"}, "{a: {b: {c: 1, d: 2}}}"},
		"null is nothing":            {"{a: null, l: null}", []string{"set a.b 1", "append l x"}, "{a: {b: 1}, l: [x]}"},
		"delete":                     {"{a: 1, b: {c: 1}}", []string{"delete a", "delete b.c", "delete d.e"}, "{b: {}}"},
		"delete makes no parents":    {"{a: 1}", []string{"delete b.c.d", "remove l x"}, "{a: 1}"},
		"indices are those before":   {"{l: [a, b, c, d]}", []string{"delete l[0]", "set l[2] x", "delete l[3]"}, "{l: [b, x]}"},
		"append and remove":          {"{l: [a, b]}", []string{"append l [b, c]", "remove l a", "append l c"}, "{l: [b, c]}"},
		"append to what is set":      {"{}", []string{"set l [a]", "append l b"}, "{l: [a, b]}"},
		"append maps":                {"{l: [{a: 1}]}", []string{"append l {a: 1}", "append l {a: 2}"}, "{l: [{a: 1}, {a: 2}]}"},
		"same edit twice":            {"{a: 1}", []string{"set a 2", "set a 2", "delete b", "delete b"}, "{a: 2}"},
		"words of YAML 1.1":          {"{l: [yes, 0x10, 1.0]}", []string{"remove l true", "remove l 16", "append l 1"}, "{l: [1]}"},
		"delete below what goes":     {"{a: {b: 1}}", []string{"delete a", "delete a.b", "remove a.c x"}, "{}"},
		"element of element deleted": {"{l: [{m: [1, 2]}]}", []string{"delete l[0].m[0]"}, "{l: [{m: [2]}]}"},
	} {
		t.Run(name, func(t *testing.T) {
			var tree patch.Tree
			for i, e := range test.edits {
				if err := tree.Add(i, edit(t, e)); err != nil {
					t.Fatalf("%s: %v", e, err)
				}
			}
			before := model(t, test.before)
			got, err := tree.Apply(before)
			if err != nil {
				t.Fatal(err)
			}
			if want := model(t, test.after); !patch.SameModel(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if !patch.SameModel(before, model(t, test.before)) {
				t.Error("the object before was changed")
			}
		})
	}
}

func TestConflicts(t *testing.T) {
	for first, second := range map[string]string{
		"set a 1": "set a 2", "set b 1": "delete b", "delete c": "set c.d 1", "append d x": "remove d x",
		"remove e x": "append e x", "set f x": "set f.g 1", "append g x": "set g.h 1", "set h[0].x 1": "delete h",
		"set i.j 1": "set i x", "delete j": "append j x", "set k[0] 1": "set k [2]", "set l [1]": "set l[0] 2",
	} {
		var tree patch.Tree
		if err := tree.Add(0, edit(t, first)); err != nil {
			t.Fatal(err)
		}
		err := tree.Add(1, edit(t, second))
		if err == nil || !strings.Contains(err.Error(), "contradicts") {
			t.Errorf("%s and %s: error %v", first, second, err)
		}
	}
}

func TestAddIsAllOrNothing(t *testing.T) {
	var tree patch.Tree
	if err := tree.Add(0, edit(t, "set a 1")); err != nil {
		t.Fatal(err)
	}
	if err := tree.Add(1, edit(t, "set b 1"), edit(t, "set a 2")); err == nil {
		t.Fatal("no conflict")
	}
	if err := tree.Add(2, edit(t, "set c 1"), edit(t, "delete c")); err == nil {
		t.Fatal("no conflict within one owner")
	}
	got, err := tree.Apply(map[string]any{})
	if err != nil || !patch.SameModel(got, map[string]any{"a": int64(1)}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestApplyRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"set a.b 1": "a is not a map", "append a x": "a is not a list", "set l[5] 1": "l[5] does not exist",
		"set m[0].x 1": "m[0] does not exist", "set l.x 1": "l is not a map", "set l[0].x[1] 1": "l[0] is not a map",
	} {
		var tree patch.Tree
		if err := tree.Add(0, edit(t, text)); err != nil {
			t.Fatal(err)
		}
		_, err := tree.Apply(model(t, "{a: x, l: [1]}"))
		if err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}

func TestParseEditRefuses(t *testing.T) {
	for _, f := range []finding.Fix{
		{Operation: "move", Path: "a"}, {Operation: finding.Set, Path: "a", Value: "{"}, {Operation: finding.Set, Path: "a", Value: ""},
		{Operation: finding.Delete}, {Operation: finding.Set, Value: "x"}, {Operation: finding.Set, Path: "a", Value: "[&x 1, *x]"},
		{Operation: finding.Set, Path: "a["},
	} {
		if _, err := patch.ParseEdit(f); err == nil {
			t.Errorf("%+v is accepted", f)
		}
	}
}

func TestModelOf(t *testing.T) {
	for text, want := range map[string]any{
		"{a: &x {b: 1}, c: *x}":                     map[string]any{"a": map[string]any{"b": int64(1)}, "c": map[string]any{"b": int64(1)}},
		"{a: &x {b: 1, c: 2}, d: {<<: *x, b: 3}}":   map[string]any{"a": map[string]any{"b": int64(1), "c": int64(2)}, "d": map[string]any{"b": int64(3), "c": int64(2)}},
		"{<<: [{a: 1}, {a: 2, b: 2}]}":              map[string]any{"a": int64(1), "b": int64(2)},
		"{a: 1, a: 2}":                              map[string]any{"a": int64(2)},
		"{yes: no, 1: 2.0, 0x10: 1.5}":              map[string]any{"true": false, "1": int64(2), "16": 1.5},
		`["yes", !!str 5, 2001-01-01, ~, 1e3, "1"]`: []any{"yes", "5", "2001-01-01", nil, int64(1000), "1"},
	} {
		if got := model(t, text); !patch.SameModel(got, want) {
			t.Errorf("%s: got %#v, want %#v", text, got, want)
		}
	}
}

func TestModelIsBounded(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+", ", 10) + "]\n"
	}
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(bomb), &n); err != nil {
		t.Fatal(err)
	}
	if _, err := patch.ModelOf(n.Content[0]); err == nil {
		t.Error("a bomb of aliases was expanded")
	}
}

func TestRefusalsAreTranslated(t *testing.T) {
	err := patch.NotA(patch.Path{patch.Field("a")}, "map", "映射")
	var r *patch.Refusal
	if !errors.As(err, &r) || r.Reason.EN != "a is not a map" || r.Reason.ZH != "a 不是映射" {
		t.Errorf("got %+v", err)
	}
}
