package graph

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

func TestScalars(t *testing.T) {
	for name, test := range map[string]struct {
		value   any
		kind    ValueKind
		text    string
		str     string
		integer any
		float   any
		boolean any
		length  int
	}{
		"null":          {nil, Null, "null", "", nil, nil, nil, 0},
		"true":          {true, Bool, "true", "", nil, nil, true, 0},
		"false":         {false, Bool, "false", "", nil, nil, false, 0},
		"integer":       {-7, Int, "-7", "", int64(-7), -7.0, nil, 0},
		"least integer": {math.MinInt64, Int, "-9223372036854775808", "", int64(math.MinInt64), float64(math.MinInt64), nil, 0},
		"float":         {2.5, Float, "2.5", "", nil, 2.5, nil, 0},
		"whole float":   {3.0, Float, "3", "", nil, 3.0, nil, 0},
		"string":        {"厨房", String, "厨房", "厨房", nil, nil, nil, 6},
		"empty string":  {"", String, "", "", nil, nil, nil, 0},
		"number string": {"7", String, "7", "7", nil, nil, nil, 1},
		"empty map":     {fields{}, Map, "", "", nil, nil, nil, 0},
		"list":          {[]any{1, 2}, List, "", "", nil, nil, nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			v := valueOf(t, test.value)
			if v.Kind() != test.kind || !v.Exists() {
				t.Errorf("kind %v, exists %t; want %v", v.Kind(), v.Exists(), test.kind)
			}
			if v.Text() != test.text || v.Str() != test.str || v.Len() != test.length {
				t.Errorf("text %q, string %q, length %d; want %q, %q, %d", v.Text(), v.Str(), v.Len(), test.text, test.str, test.length)
			}
			n, isInt := v.Int()
			f, isFloat := v.Float()
			b, isBool := v.Bool()
			for _, c := range []struct {
				name string
				got  any
				ok   bool
				want any
			}{{"Int", n, isInt, test.integer}, {"Float", f, isFloat, test.float}, {"Bool", b, isBool, test.boolean}} {
				if c.ok != (c.want != nil) || c.ok && c.got != c.want {
					t.Errorf("%s() = %v, %t; want %v", c.name, c.got, c.ok, c.want)
				}
			}
			if v.True() != (test.value == true) {
				t.Errorf("True() = %t", v.True())
			}
		})
	}
}

// TestAbsent calls every method on a value that is not there: chains of Get
// rely on it.
func TestAbsent(t *testing.T) {
	var v Value
	if v.Exists() || v.Kind() != Absent || v.True() || v.Len() != 0 {
		t.Error("the zero value claims to be something")
	}
	for name, got := range map[string]any{
		"Get": v.Get("a"), "At": v.At("a", "b"), "Item": v.Item(0),
		"Corresponding": valueOf(t, fields{}).Get("a"),
	} {
		if got != (Value{}) {
			t.Errorf("%s of an absent value = %v", name, got)
		}
	}
	if v.Str() != "" || v.Text() != "" || v.Key() != "" || v.Path() != "" || v.Any() != nil || v.Document() != nil {
		t.Error("an absent value has content")
	}
	if v.Position() != (Position{}) || v.Index() != -1 || v.Extent() != (Extent{}) {
		t.Error("an absent value has a place")
	}
	for range v.Items() {
		t.Error("an absent value has items")
	}
	for range v.Fields() {
		t.Error("an absent value has fields")
	}
	if got := v.PathTo("spec", "replicas"); got != "spec.replicas" {
		t.Errorf("PathTo = %q", got)
	}
	if v.Contains(v) || v.Contains(valueOf(t, 1)) || valueOf(t, 1).Contains(v) {
		t.Error("an absent value contains something or is contained")
	}
	var none *Document
	if none.Root().Exists() {
		t.Error("no document has a root")
	}
}

func TestGetAndItem(t *testing.T) {
	v := valueOf(t, fields{
		{"skipped", fields{{"name", "inner"}, {"list", []any{fields{{"name", "deeper"}}}}}},
		{"name", "outer"},
		{"list", []any{"zero", []any{"nested"}, "two"}},
		{"", "empty key"},
		{"null", nil},
	})
	for name, test := range map[string]struct {
		got  Value
		want string
	}{
		"a field after a deep one":   {v.Get("name"), "outer"},
		"a field of a field":         {v.At("skipped", "name"), "inner"},
		"the empty key":              {v.Get(""), "empty key"},
		"the first item":             {v.Get("list").Item(0), "zero"},
		"an item after a nested one": {v.Get("list").Item(2), "two"},
		"an item of an item":         {v.Get("list").Item(1).Item(0), "nested"},
		"an explicit null":           {v.Get("null"), "null"},
	} {
		if test.got.Text() != test.want {
			t.Errorf("%s is %q, want %q", name, test.got.Text(), test.want)
		}
	}
	for name, got := range map[string]Value{
		"an unknown field": v.Get("names"), "a field of a list": v.Get("list").Get("name"),
		"a field of a string": v.At("name", "x"), "an item of a map": v.Item(0),
		"an item past the end": v.Get("list").Item(3), "an item before the beginning": v.Get("list").Item(-1),
		"a field of null": v.At("null", "x"),
	} {
		if got.Exists() {
			t.Errorf("%s exists: %v", name, got.Any())
		}
	}
	if got := v.Get("list").Item(2).Key(); got != "" {
		t.Errorf("key of an item = %q", got)
	}
}

func TestIterationStopsEarly(t *testing.T) {
	v := valueOf(t, fields{{"a", 1}, {"b", []any{1, 2, 3}}, {"c", 3}})
	var keys []string
	for key := range v.Fields() {
		if keys = append(keys, key); key == "b" {
			break
		}
	}
	if !slices.Equal(keys, []string{"a", "b"}) {
		t.Errorf("fields before the break: %q", keys)
	}
	count := 0
	for i := range v.Get("b").Items() {
		if count++; i == 1 {
			break
		}
	}
	if count != 2 {
		t.Errorf("%d items before the break", count)
	}
}

func TestAnyKeepsEverything(t *testing.T) {
	v := valueOf(t, fields{{"m", fields{{"x", 1}, {"y", 1.5}}}, {"l", []any{nil, true, "s", []any{}}}, {"e", fields{}}})
	want := map[string]any{
		"m": map[string]any{"x": int64(1), "y": 1.5},
		"l": []any{nil, true, "s", []any{}},
		"e": map[string]any{},
	}
	if got := v.Any(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}

func TestExtent(t *testing.T) {
	for name, test := range map[string]struct {
		value any
		want  Extent
	}{
		"scalar": {7, Extent{Values: 1}},
		"string": {"four", Extent{Values: 1, Text: 4, AllText: 4}},
		// Field names are no values and count nowhere.
		"map":    {fields{{"a name", "xx"}, {"b", "yyy"}}, Extent{Values: 3, Children: 2, Text: 3, AllText: 5}},
		"nested": {fields{{"l", []any{1, 2, 3}}, {"m", fields{}}}, Extent{Values: 6, Children: 3}},
	} {
		if got := valueOf(t, test.value).Extent(); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
	part := valueOf(t, fields{{"long", "long text before"}, {"part", []any{"a"}}}).Get("part")
	if got, want := part.Extent(), (Extent{Values: 2, Children: 1, Text: 1, AllText: 1}); got != want {
		t.Errorf("a part: %+v, want %+v", got, want)
	}
}

func TestCompareAndContains(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		all := everyValue(valueOf(t, randomTree(r, 4)))
		for i, v := range all {
			if v.Index() != i || v.Document().At(i) != v {
				t.Fatalf("value %d has index %d", i, v.Index())
			}
			below := everyValue(v)
			for j, w := range all {
				if sign(v.Compare(w)) != sign(i-j) {
					t.Fatalf("Compare of %d and %d = %d", i, j, v.Compare(w))
				}
				if v.Contains(w) != slices.Contains(below, w) {
					t.Fatalf("%q contains %q: %t", v.Path(), w.Path(), v.Contains(w))
				}
			}
		}
	}
	d := documentOf(t, 1)
	if d.At(-1).Exists() || d.At(d.Len()).Exists() {
		t.Error("a document has values outside of itself")
	}
}

func sign(n int) int { return min(max(n, -1), 1) }

// TestReadingDoesNotAllocate holds what scans of 20,000 objects rest on.
func TestReadingDoesNotAllocate(t *testing.T) {
	root := valueOf(t, fields{{"spec", fields{{"containers", []any{fields{{"name", "a"}}, fields{{"name", "b"}}}}}}})
	found := 0
	allocations := testing.AllocsPerRun(100, func() {
		for _, c := range root.At("spec", "containers").Items() {
			for key, field := range c.Fields() {
				if key == "name" && field.Str() == "b" {
					found++
				}
			}
		}
	})
	if allocations != 0 || found == 0 {
		t.Errorf("%v allocations, found %d times", allocations, found)
	}
}
