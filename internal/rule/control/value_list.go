package control

import (
	"reflect"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"

	"github.com/foilsec/foil/internal/graph"
)

// celList is a list of the document, or the concatenation of such lists; its
// elements keep their place in the document. It is not safe for concurrent use.
type celList struct {
	value  graph.Value // where source is set and items are not made yet
	items  []ref.Val
	source bool
}

var _ traits.Lister = (*celList)(nil)

func (l *celList) origin() graph.Value { return l.value }

func (l *celList) load() []ref.Val {
	if l.source && l.items == nil {
		l.items = make([]ref.Val, 0, l.value.Len())
		for _, item := range l.value.Items() {
			l.items = append(l.items, celValue(item))
		}
	}
	return l.items
}

// Add implements traits.Adder: it concatenates.
func (l *celList) Add(other ref.Val) ref.Val {
	o, ok := other.(traits.Lister)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	theirs := listItems(o)
	switch mine := l.load(); {
	case len(theirs) == 0:
		return l
	case len(mine) == 0:
		return &celList{items: theirs}
	default:
		return &celList{items: append(mine[:len(mine):len(mine)], theirs...)}
	}
}

func listItems(l traits.Lister) []ref.Val {
	if own, ok := l.(*celList); ok {
		return own.load()
	}
	var items []ref.Val
	for it := l.Iterator(); it.HasNext() == types.True; {
		items = append(items, it.Next())
	}
	return items
}

// Contains implements traits.Container.
func (l *celList) Contains(elem ref.Val) ref.Val {
	for _, item := range l.load() {
		if types.Equal(item, elem) == types.True {
			return types.True
		}
	}
	return types.False
}

// Get implements traits.Indexer.
func (l *celList) Get(index ref.Val) ref.Val {
	i, err := types.IndexOrError(index)
	if err != nil {
		return types.ValOrErr(index, "%v", err)
	}
	if items := l.load(); i >= 0 && i < len(items) {
		return items[i]
	}
	return types.NewErr("index out of bounds: %d", i)
}

// Size implements traits.Sizer.
func (l *celList) Size() ref.Val { return types.Int(len(l.load())) }

// Iterator implements traits.Iterable.
func (l *celList) Iterator() traits.Iterator { return &listIterator{items: l.load()} }

// Equal implements ref.Val.
func (l *celList) Equal(other ref.Val) ref.Val {
	o, ok := other.(traits.Lister)
	if !ok || o.Size() != l.Size() {
		return types.False
	}
	for i, item := range l.load() {
		if types.Equal(item, o.Get(types.Int(i))) != types.True {
			return types.False
		}
	}
	return types.True
}

// Type implements ref.Val.
func (l *celList) Type() ref.Type { return types.ListType }

// Value implements ref.Val.
func (l *celList) Value() any { return l.load() }

// ConvertToType implements ref.Val.
func (l *celList) ConvertToType(t ref.Type) ref.Val { return convertContainer(l, types.ListType, t) }

// ConvertToNative implements ref.Val.
func (l *celList) ConvertToNative(t reflect.Type) (any, error) {
	return types.NewRefValList(types.DefaultTypeAdapter, l.load()).ConvertToNative(t)
}

type listIterator struct {
	notValue
	items []ref.Val
	next  int
}

// HasNext implements traits.Iterator.
func (i *listIterator) HasNext() ref.Val { return types.Bool(i.next < len(i.items)) }

// Next implements traits.Iterator.
func (i *listIterator) Next() ref.Val {
	if i.next >= len(i.items) {
		return nil
	}
	i.next++
	return i.items[i.next-1]
}
