package graph

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func TestDocumentBuilderRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		build func(b *DocumentBuilder)
		want  string
	}{
		"nothing":            {func(*DocumentBuilder) {}, "empty"},
		"an open map":        {func(b *DocumentBuilder) { b.OpenMap("", Position{}) }, "do not match"},
		"one close too many": {func(b *DocumentBuilder) { b.OpenMap("", Position{}); b.Close(); b.Close() }, "do not match"},
		"close before open":  {func(b *DocumentBuilder) { b.Close(); b.Null("", Position{}) }, "do not match"},
		"two scalars":        {func(b *DocumentBuilder) { b.Int("", 1, Position{}); b.Int("", 2, Position{}) }, "more than one root"},
		"a map and a scalar": {func(b *DocumentBuilder) { b.OpenMap("", Position{}); b.Close(); b.Null("", Position{}) }, "more than one root"},
		"an open inner list": {func(b *DocumentBuilder) { b.OpenMap("", Position{}); b.OpenList("l", Position{}); b.Close() }, "do not match"},
	} {
		t.Run(name, func(t *testing.T) {
			var b DocumentBuilder
			test.build(&b)
			d, err := b.Finish()
			if d != nil || err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("document %v, error %v; want an error with %q", d, err, test.want)
			}
			// A failed document leaves nothing behind for the next one.
			b.OpenMap("", Position{})
			b.String("name", "next", Position{})
			b.Close()
			if d, err = b.Finish(); err != nil || d.Root().Get("name").Str() != "next" || d.Len() != 2 {
				t.Errorf("the next document: %v, %v", d.Root().Any(), err)
			}
		})
	}
}

// TestDocumentsAreIndependent reuses a builder: a finished document keeps its
// content whatever the builder does next.
func TestDocumentsAreIndependent(t *testing.T) {
	var b DocumentBuilder
	var documents []*Document
	names := []string{"one", "two", strings.Repeat("three", 100), "", "two"}
	for _, name := range names {
		addAny(&b, "", fields{{"name", name}, {name + "-key", name}})
		d, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, d)
	}
	for i, d := range documents {
		want := map[string]any{"name": names[i], names[i] + "-key": names[i]}
		if got := d.Root().Any(); !reflect.DeepEqual(got, want) {
			t.Errorf("document %d is %v, want %v", i, got, want)
		}
	}
}

func TestFieldNamesCountInMapsOnly(t *testing.T) {
	d := buildDocument(t, func(b *DocumentBuilder) {
		b.OpenList("root name", Position{})
		b.String("item name", "x", Position{})
		b.OpenMap("map name", Position{})
		b.String("kept", "y", Position{})
		b.Close()
		b.Close()
	})
	for _, v := range []Value{d.Root(), d.Root().Item(0), d.Root().Item(1)} {
		if v.Key() != "" {
			t.Errorf("%q has the key %q", v.Path(), v.Key())
		}
	}
	if got := d.Root().Item(1).Get("kept").Key(); got != "kept" {
		t.Errorf("key of a field = %q", got)
	}
}

func TestPositions(t *testing.T) {
	chart := Position{File: "templates/shop.yaml", Line: 12, Column: 3}
	values := Position{File: "values.yaml", Line: 4, Column: 9}
	d := buildDocument(t, func(b *DocumentBuilder) {
		b.OpenMap("", chart)
		b.String("image", "x", values)
		b.String("unknown", "x", Position{})
		b.String("odd", "x", Position{File: "values.yaml", Line: -1, Column: -5})
		b.String("wide", "x", Position{File: "values.yaml", Line: math.MaxInt32, Column: 1 << 20})
		b.Close()
	})
	for key, want := range map[string]Position{
		"image": values, "unknown": {}, "odd": {File: "values.yaml"},
		"wide": {File: "values.yaml", Line: math.MaxInt32, Column: math.MaxUint16},
	} {
		if got := d.Root().Get(key).Position(); got != want {
			t.Errorf("%s stands at %+v, want %+v", key, got, want)
		}
	}
	if d.Root().Position() != chart {
		t.Errorf("the root stands at %+v", d.Root().Position())
	}
}

// TestCopyKeepsEverything moves random values below another root.
func TestCopyKeepsEverything(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 500 {
		original := valueOf(t, randomTree(r, 4))
		d := buildDocument(t, func(b *DocumentBuilder) {
			b.OpenMap("", Position{})
			b.Copy("copy", original)
			b.Copy("absent", Value{})
			b.Close()
		})
		copied := d.Root().Get("copy")
		if !Same(original, copied) {
			t.Fatalf("copy of %v is %v", original.Any(), copied.Any())
		}
		for _, v := range everyValue(original) {
			if got := original.Corresponding(v, copied); got.Position() != v.Position() {
				t.Fatalf("%q stands at %v, want %v", v.Path(), got.Position(), v.Position())
			}
		}
		if got := d.Root().Get("absent"); got.Kind() != Null {
			t.Fatalf("copy of an absent value has kind %v", got.Kind())
		}
	}
}
