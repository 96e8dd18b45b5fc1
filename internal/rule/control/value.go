package control

import (
	"fmt"
	"reflect"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"

	"github.com/foilsec/foil/internal/graph"
)

// celValue gives a document value to CEL as the API server's own decoding
// would: null fields of maps are absent, integers are int, other numbers
// double. Containers stay views of the document, made on first use and kept,
// so that all controls of one object share them.
func celValue(v graph.Value) ref.Val {
	switch v.Kind() {
	case graph.Map:
		return &celMap{value: v}
	case graph.List:
		return &celList{value: v, source: true}
	case graph.String:
		return types.String(v.Str())
	case graph.Bool:
		return types.Bool(v.True())
	case graph.Int:
		n, _ := v.Int()
		return types.Int(n)
	case graph.Float:
		f, _ := v.Float()
		return types.Double(f)
	}
	return types.NullValue
}

// sourced is a CEL value that knows the place in the document it came from.
type sourced interface{ origin() graph.Value }

// celMap is a map of the document. It is not safe for concurrent use.
type celMap struct {
	value  graph.Value
	fields []celField
	loaded bool
}

type celField struct {
	key   string
	value ref.Val
}

var _ traits.Mapper = (*celMap)(nil)

func (m *celMap) origin() graph.Value { return m.value }

func (m *celMap) load() []celField {
	if m.loaded {
		return m.fields
	}
	m.loaded = true
	m.fields = make([]celField, 0, m.value.Len())
	for key, field := range m.value.Fields() {
		if field.Kind() != graph.Null {
			m.fields = append(m.fields, celField{key, celValue(field)})
		}
	}
	return m.fields
}

func (m *celMap) lookup(key string) (ref.Val, bool) {
	for i := range m.load() {
		if f := &m.fields[i]; f.key == key {
			return f.value, true
		}
	}
	return nil, false
}

// Find implements traits.Mapper.
func (m *celMap) Find(key ref.Val) (ref.Val, bool) {
	name, ok := key.(types.String)
	if !ok {
		return nil, false
	}
	return m.lookup(string(name))
}

// Get implements traits.Indexer.
func (m *celMap) Get(key ref.Val) ref.Val {
	if v, found := m.Find(key); found {
		return v
	}
	return types.NewErr("no such key: %v", key)
}

// Contains implements traits.Container.
func (m *celMap) Contains(key ref.Val) ref.Val {
	_, found := m.Find(key)
	return types.Bool(found)
}

// Size implements traits.Sizer.
func (m *celMap) Size() ref.Val { return types.Int(len(m.load())) }

// Iterator implements traits.Iterable: it yields the keys.
func (m *celMap) Iterator() traits.Iterator { return &mapIterator{fields: m.load()} }

// Equal implements ref.Val.
func (m *celMap) Equal(other ref.Val) ref.Val {
	o, ok := other.(traits.Mapper)
	if !ok || o.Size() != m.Size() {
		return types.False
	}
	for _, f := range m.load() {
		theirs, found := o.Find(types.String(f.key))
		if !found || types.Equal(f.value, theirs) != types.True {
			return types.False
		}
	}
	return types.True
}

// Type implements ref.Val.
func (m *celMap) Type() ref.Type { return types.MapType }

// Value implements ref.Val.
func (m *celMap) Value() any { return m.value.Any() }

// ConvertToType implements ref.Val.
func (m *celMap) ConvertToType(t ref.Type) ref.Val { return convertContainer(m, types.MapType, t) }

// ConvertToNative implements ref.Val.
func (m *celMap) ConvertToNative(t reflect.Type) (any, error) {
	return types.NewStringInterfaceMap(types.DefaultTypeAdapter, asMap(m.value)).ConvertToNative(t)
}

func asMap(v graph.Value) map[string]any {
	m, _ := v.Any().(map[string]any)
	return m
}

type mapIterator struct {
	notValue
	fields []celField
	next   int
}

// HasNext implements traits.Iterator.
func (i *mapIterator) HasNext() ref.Val { return types.Bool(i.next < len(i.fields)) }

// Next implements traits.Iterator.
func (i *mapIterator) Next() ref.Val {
	if i.next >= len(i.fields) {
		return nil
	}
	i.next++
	return types.String(i.fields[i.next-1].key)
}

func convertContainer(v ref.Val, own *types.Type, to ref.Type) ref.Val {
	switch to {
	case own:
		return v
	case types.TypeType:
		return own
	}
	return types.NewErr("type conversion error from '%s' to '%s'", own, to)
}

// notValue makes an iterator a ref.Val, as traits.Iterator asks. Nothing ever
// treats an iterator as a value.
type notValue struct{}

func (notValue) ConvertToNative(reflect.Type) (any, error) {
	return nil, fmt.Errorf("an iterator has no native form")
}
func (notValue) ConvertToType(ref.Type) ref.Val { return types.NewErr("an iterator has no type") }
func (notValue) Equal(ref.Val) ref.Val          { return types.False }
func (notValue) Type() ref.Type                 { return types.IteratorType }
func (notValue) Value() any                     { return nil }
