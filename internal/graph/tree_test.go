package graph

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The tests of values share one way to write documents: plain Go values, maps
// as lists of fields so that their order is chosen by the test.

type fields []member

type member struct {
	key   string
	value any
}

// documentOf builds a document; each value stands one line below the one
// before it.
func documentOf(t testing.TB, value any) *Document {
	t.Helper()
	return buildDocument(t, func(b *DocumentBuilder) { addAny(b, "", value) })
}

func valueOf(t testing.TB, value any) Value { return documentOf(t, value).Root() }

func addAny(b *DocumentBuilder, key string, value any) {
	at := Position{File: "test.yaml", Line: b.Len() + 1, Column: 1}
	switch v := value.(type) {
	case fields:
		b.OpenMap(key, at)
		for _, m := range v {
			addAny(b, m.key, m.value)
		}
		b.Close()
	case []any:
		b.OpenList(key, at)
		for _, item := range v {
			addAny(b, "", item)
		}
		b.Close()
	case nil:
		b.Null(key, at)
	case bool:
		b.Bool(key, v, at)
	case int:
		b.Int(key, int64(v), at)
	case float64:
		b.Float(key, v, at)
	case string:
		b.String(key, v, at)
	default:
		panic(fmt.Sprintf("no value of a document: %T", value))
	}
}

// randomTree makes trees from a small alphabet, so that equal and almost equal
// ones are frequent.
func randomTree(r *rand.Rand, depth int) any {
	kinds := 8
	if depth == 0 {
		kinds = 6
	}
	switch r.IntN(kinds) {
	case 0:
		return nil
	case 1:
		return r.IntN(2) == 0
	case 2:
		return []int{0, 1, -1, math.MaxInt64, math.MinInt64}[r.IntN(5)]
	case 3:
		return []float64{0, 1, 0.5, math.Inf(-1)}[r.IntN(4)]
	case 4:
		return randomText(r)
	case 5:
		return ""
	case 6:
		list := make([]any, r.IntN(4))
		for i := range list {
			list[i] = randomTree(r, depth-1)
		}
		return list
	}
	return randomFields(r, depth)
}

func randomFields(r *rand.Rand, depth int) fields {
	var list fields
	for range r.IntN(5) {
		key := randomText(r)
		if !slices.ContainsFunc(list, func(m member) bool { return m.key == key }) {
			list = append(list, member{key, randomTree(r, depth-1)})
		}
	}
	return list
}

func randomText(r *rand.Rand) string {
	parts := []string{"a", "b", ".", "[0]", `"`, "]", `\`, "a.b", "镜像", "\n", " ", "app.kubernetes.io/name", strings.Repeat("long", 20)}
	return parts[r.IntN(len(parts))] + parts[r.IntN(len(parts))]
}

// shuffled is the same tree with the fields of every map in another order.
func shuffled(r *rand.Rand, tree any) any {
	switch v := tree.(type) {
	case fields:
		other := make(fields, len(v))
		for i, j := range r.Perm(len(v)) {
			other[i] = member{v[j].key, shuffled(r, v[j].value)}
		}
		return other
	case []any:
		other := make([]any, len(v))
		for i := range v {
			other[i] = shuffled(r, v[i])
		}
		return other
	}
	return tree
}

// everyValue lists a value and all below it in document order.
func everyValue(v Value) []Value {
	list := []Value{v}
	for _, item := range v.Items() {
		list = append(list, everyValue(item)...)
	}
	for _, field := range v.Fields() {
		list = append(list, everyValue(field)...)
	}
	return list
}
