package graph

import (
	"bytes"
	"hash/maphash"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestEqualIgnoresTheOrderOfFields compares every tree with itself in another
// order, and with a random other one.
func TestEqualIgnoresTheOrderOfFields(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	equal := 0
	for range 3000 {
		tree := randomTree(r, 3)
		v, moved := valueOf(t, tree), valueOf(t, shuffled(r, tree))
		if !Equal(v, moved) || !Equal(moved, v) {
			t.Fatalf("%v differs from itself in another order", v.Any())
		}
		other := valueOf(t, randomTree(r, 3))
		want := reflect.DeepEqual(v.Any(), other.Any())
		if Equal(v, other) != want {
			t.Fatalf("Equal(%#v, %#v) = %t", v.Any(), other.Any(), !want)
		}
		if want {
			equal++
		}
	}
	if equal < 100 {
		t.Errorf("only %d random pairs were equal: the test compares too little", equal)
	}
}

// TestSameIsStricterThanEqual holds what the memo of the analyzer rests on: Same
// means equal and in one order, and values that are the same have one hash.
func TestSameIsStricterThanEqual(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	seed := maphash.MakeSeed()
	for range 3000 {
		tree := randomTree(r, 3)
		v, again, moved := valueOf(t, tree), valueOf(t, tree), valueOf(t, shuffled(r, tree))
		if !Same(v, again) || v.Hash(seed) != again.Hash(seed) {
			t.Fatalf("%v is not the same as itself", v.Any())
		}
		other := valueOf(t, randomTree(r, 3))
		for _, w := range []Value{moved, other} {
			if Same(v, w) != sameOrder(v, w) {
				t.Fatalf("Same(%v, %v) = %t", v.Any(), w.Any(), Same(v, w))
			}
			if Same(v, w) && (!Equal(v, w) || v.Hash(seed) != w.Hash(seed)) {
				t.Fatalf("%v and %v are the same, but not equal or of one hash", v.Any(), w.Any())
			}
		}
	}
}

// sameOrder compares values the long way.
func sameOrder(a, b Value) bool {
	x, y := everyValue(a), everyValue(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i].Kind() != y[i].Kind() || x[i].Text() != y[i].Text() || x[i].Len() != y[i].Len() {
			return false
		}
		if i > 0 && pathBelow(a, x[i]) != pathBelow(b, y[i]) {
			return false
		}
	}
	return true
}

func pathBelow(root, v Value) string { return v.Path()[len(root.Path()):] }

func TestSameOfParts(t *testing.T) {
	a := valueOf(t, fields{{"long text before", "x"}, {"one", fields{{"k", []any{1, "s"}}}}})
	b := valueOf(t, []any{fields{{"k", []any{1, "s"}}}, fields{{"k", []any{1, "t"}}}, fields{{"l", []any{1, "s"}}}})
	seed := maphash.MakeSeed()
	// The name under which a part stands in its own document does not count.
	if part := a.Get("one"); !Same(part, b.Item(0)) || part.Hash(seed) != b.Item(0).Hash(seed) {
		t.Error("equal parts of two documents are not the same")
	}
	for i := 1; i <= 2; i++ {
		if Same(a.Get("one"), b.Item(i)) {
			t.Errorf("item %d is the same", i)
		}
	}
	if Same(a, Value{}) || Same(Value{}, a) || !Same(Value{}, Value{}) || !Equal(Value{}, Value{}) || Equal(a, Value{}) {
		t.Error("absent values are the same as each other only")
	}
	if (Value{}).Hash(seed) != 0 {
		t.Error("an absent value has a hash")
	}
}

func TestNumbersOfOneValueDiffer(t *testing.T) {
	for name, pair := range map[string][2]any{
		"integer and float": {1, 1.0}, "two zeros": {0.0, math.Copysign(0, -1)}, "null and nothing": {fields{{"a", nil}}, fields{}},
		"text and number": {"1", 1}, "false and null": {false, nil}, "empty list and empty map": {[]any{}, fields{}},
		"split texts": {[]any{"ab", "c"}, []any{"a", "bc"}}, "nesting": {[]any{[]any{1}, 2}, []any{[]any{1, 2}}},
		"key and value": {fields{{"a", "b"}}, fields{{"ab", ""}}},
	} {
		a, b := valueOf(t, pair[0]), valueOf(t, pair[1])
		if Equal(a, b) || Same(a, b) || bytes.Equal(AppendCanonical(nil, a), AppendCanonical(nil, b)) {
			t.Errorf("%s are equal", name)
		}
	}
	if nan := math.NaN(); !Equal(valueOf(t, nan), valueOf(t, nan)) {
		t.Error("a value is not equal to itself when it is no number")
	}
}

func TestCorrespondingIsTheSamePlace(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for range 300 {
		tree := randomTree(r, 4)
		a := valueOf(t, fields{{"before", "text"}, {"spec", tree}}).Get("spec")
		b := valueOf(t, []any{1, 2, fields{{"template", tree}}}).Item(2).Get("template")
		for _, inside := range everyValue(a) {
			if got := a.Corresponding(inside, b); pathBelow(b, got) != pathBelow(a, inside) || !Same(got, inside) {
				t.Fatalf("%q corresponds to %q", inside.Path(), got.Path())
			}
		}
	}
}
