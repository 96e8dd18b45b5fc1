package graph

import (
	"iter"
	"math"
	"strconv"
)

// Value is a place in a [Document]. The zero Value is absent: every method
// accepts it, so that a chain of Get needs no checks on the way.
type Value struct {
	doc   *Document
	index uint32
}

// Kind is the type of the value, [Absent] for the zero Value.
func (v Value) Kind() ValueKind {
	if v.doc == nil {
		return Absent
	}
	return v.doc.nodes[v.index].kind
}

// Exists reports whether the value is there; an explicit null is there.
func (v Value) Exists() bool { return v.doc != nil }

// Get is the field of that name of a map, absent when v is no map or has no
// such field.
func (v Value) Get(key string) Value {
	if v.Kind() != Map {
		return Value{}
	}
	nodes := v.doc.nodes
	for i, end := v.index+1, nodes[v.index].end; i < end; i = nodes[i].end {
		n := &nodes[i]
		if int(n.keyLen) == len(key) && v.doc.str(n.key, n.keyLen) == key {
			return Value{v.doc, i}
		}
	}
	return Value{}
}

// At follows a chain of field names.
func (v Value) At(path ...string) Value {
	for _, key := range path {
		v = v.Get(key)
	}
	return v
}

// Item is element i of a list, absent when v is no list or too short.
func (v Value) Item(i int) Value {
	for j, item := range v.Items() {
		if j == i {
			return item
		}
	}
	return Value{}
}

// Len is the number of fields of a map, of elements of a list or of bytes of a
// string, and 0 otherwise.
func (v Value) Len() int {
	switch v.Kind() {
	case Map, List, String:
		return int(v.doc.nodes[v.index].size)
	}
	return 0
}

// Items yields the elements of a list in order; nothing for other kinds.
func (v Value) Items() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		if v.Kind() != List {
			return
		}
		nodes, n := v.doc.nodes, 0
		for i, end := v.index+1, nodes[v.index].end; i < end; i = nodes[i].end {
			if !yield(n, Value{v.doc, i}) {
				return
			}
			n++
		}
	}
}

// Fields yields the fields of a map in document order; nothing for other kinds.
func (v Value) Fields() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.Kind() != Map {
			return
		}
		nodes := v.doc.nodes
		for i, end := v.index+1, nodes[v.index].end; i < end; i = nodes[i].end {
			if !yield(v.doc.str(nodes[i].key, nodes[i].keyLen), Value{v.doc, i}) {
				return
			}
		}
	}
}

// Key is the field name under which the value stands in its map, empty for
// list elements and the root.
func (v Value) Key() string {
	if v.doc == nil {
		return ""
	}
	n := &v.doc.nodes[v.index]
	return v.doc.str(n.key, n.keyLen)
}

// Str is the text of a string and empty for every other kind.
func (v Value) Str() string {
	if v.Kind() != String {
		return ""
	}
	n := &v.doc.nodes[v.index]
	return v.doc.str(n.value, n.size)
}

// Int is the number of an integer; ok is false for every other kind.
func (v Value) Int() (n int64, ok bool) {
	if v.Kind() != Int {
		return 0, false
	}
	return int64(v.doc.nodes[v.index].bits()), true
}

// Float is the number of a float or integer; ok is false for every other kind.
func (v Value) Float() (f float64, ok bool) {
	switch v.Kind() {
	case Float:
		return math.Float64frombits(v.doc.nodes[v.index].bits()), true
	case Int:
		return float64(int64(v.doc.nodes[v.index].bits())), true
	}
	return 0, false
}

// Bool is the truth of a boolean; ok is false for every other kind.
func (v Value) Bool() (b, ok bool) {
	if v.Kind() != Bool {
		return false, false
	}
	return v.doc.nodes[v.index].size != 0, true
}

// True reports whether the value is the boolean true.
func (v Value) True() bool { b, _ := v.Bool(); return b }

// Text is any scalar as a person would write it, and empty for containers and
// absent values.
func (v Value) Text() string {
	switch v.Kind() {
	case String:
		return v.Str()
	case Null:
		return "null"
	case Bool:
		return strconv.FormatBool(v.True())
	case Int:
		n, _ := v.Int()
		return strconv.FormatInt(n, 10)
	case Float:
		f, _ := v.Float()
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return ""
}

// Position is where the value stands: of a field, where its name begins.
func (v Value) Position() Position {
	if v.doc == nil {
		return Position{}
	}
	n := &v.doc.nodes[v.index]
	return Position{File: v.doc.files[n.file], Line: int(n.line), Column: int(n.column)}
}

// Any is the value as encoding/json would decode it, except that integers are
// int64. It copies; hot paths read the value itself.
func (v Value) Any() any {
	switch v.Kind() {
	case Bool:
		return v.True()
	case Int:
		n, _ := v.Int()
		return n
	case Float:
		f, _ := v.Float()
		return f
	case String:
		return v.Str()
	case Map:
		m := make(map[string]any, v.Len())
		for key, field := range v.Fields() {
			m[key] = field.Any()
		}
		return m
	case List:
		l := make([]any, 0, v.Len())
		for _, item := range v.Items() {
			l = append(l, item.Any())
		}
		return l
	}
	return nil
}

func (n *node) bits() uint64 { return uint64(n.value)<<32 | uint64(n.size) }
