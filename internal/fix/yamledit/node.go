package yamledit

import (
	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/fix/patch"
)

// node is a value and the text that it takes up.
type node struct {
	yaml *yaml.Node
	// The text: an anchor and a tag from start to properties, the value itself
	// from content to end.
	start, properties, content, end int
	// flow is set for collections in brackets, pair for a map in a flow list
	// that has none.
	flow, pair bool
	// column is how many characters stand before a block collection.
	column   int
	slot     slot
	elements []element
	// alias is what an alias stands for; aliased is set for what stands under
	// an anchor that an alias names.
	alias   *node
	aliased bool
}

// element is a field of a map or an element of a list.
type element struct {
	start, end       int // from the key or dash on
	keyStart, keyEnd int
	name             string
	merge            bool
	odd              bool // a form that is not edited: `? key`, or no colon
	value            *node
}

// slot is the place that a value stands in.
type slot struct {
	parent *node // nil at the root
	index  int   // among the elements of the parent
	after  int   // the offset after the colon or dash
	column int   // of the key or dash, in a block collection
	dash   bool
	flow   bool // within a flow collection
}

func (n *node) isMap() bool  { return n.yaml.Kind == yaml.MappingNode }
func (n *node) isList() bool { return n.yaml.Kind == yaml.SequenceNode }

func (n *node) isNull() bool {
	return n.yaml.Kind == yaml.ScalarNode && n.yaml.ShortTag() == "!!null"
}

// isEmpty reports whether there is nothing in the value yet: null, {} or [].
func (n *node) isEmpty() bool {
	return n.isNull() || (n.isMap() || n.isList()) && len(n.elements) == 0
}

// isBlockCollection reports whether the value is written by indentation.
func (n *node) isBlockCollection() bool { return (n.isMap() || n.isList()) && !n.flow }

// hasText reports whether the value is written at all: an empty one may be
// nothing.
func (n *node) hasText() bool { return n.end > n.content }

// last finds the field of a name that counts: the last one; -1 if there is
// none.
func (n *node) last(name string) int {
	for i := len(n.elements) - 1; i >= 0; i-- {
		if e := &n.elements[i]; !e.merge && e.name == name {
			return i
		}
	}
	return -1
}

// resolved is the value itself, or what an alias stands for.
func (n *node) resolved() *node {
	for n.alias != nil {
		n = n.alias
	}
	return n
}

// merged finds a field that came in by a merge key: the map that has it.
func (n *node) merged(name string) *node {
	for i := len(n.elements) - 1; i >= 0; i-- {
		if e := &n.elements[i]; e.merge {
			if found := e.value.mergeSource(name); found != nil {
				return found
			}
		}
	}
	return nil
}

func (n *node) mergeSource(name string) *node {
	n = n.resolved()
	if n.isList() {
		for i := range n.elements {
			if found := n.elements[i].value.mergeSource(name); found != nil {
				return found
			}
		}
		return nil
	}
	if n.last(name) >= 0 {
		return n
	}
	return n.merged(name)
}

// path is the way from the root of the document to the value. Of values below
// an alias it is the way to where they are defined.
func (n *node) path() patch.Path {
	if n.slot.parent == nil {
		return nil
	}
	e := &n.slot.parent.elements[n.slot.index]
	step := patch.Field(e.name)
	if n.slot.parent.isList() {
		step = patch.Element(n.slot.index)
	}
	return append(n.slot.parent.path(), step)
}
