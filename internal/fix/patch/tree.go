package patch

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/finding"
)

// Tree is the edits of one object, merged.
type Tree struct{ Root Node }

// Node is what happens to one value. Delete excludes everything else. Set comes
// first, then what is below, then Append and Remove.
type Node struct {
	Delete bool
	Set    *yaml.Node
	Append []*yaml.Node
	Remove []*yaml.Node
	Fields []*Child // of a map, in the order in which they were asked for
	Items  []*Child // of a list, by index
	// Owners are those who asked for something at this value itself.
	Owners []int
}

// Child is what happens to a value below another one.
type Child struct {
	Step Step
	Node
}

// Add merges the edits of one owner into the tree: all of them, or none when
// one contradicts an edit that is there already.
func (t *Tree) Add(owner int, edits ...Edit) error {
	var own Tree
	for _, e := range edits {
		if err := own.visit(e, owner, true); err != nil {
			return err
		}
	}
	for _, e := range edits {
		if err := t.visit(e, owner, false); err != nil {
			return err
		}
	}
	for _, e := range edits {
		if err := t.visit(e, owner, true); err != nil {
			return err
		}
	}
	return nil
}

// Empty reports whether the tree changes nothing.
func (t *Tree) Empty() bool { return t.Root.empty() }

func (n *Node) empty() bool {
	return !n.Delete && n.Set == nil && len(n.Append)+len(n.Remove)+len(n.Fields)+len(n.Items) == 0
}

// visit walks to the value of an edit and merges it there; without write it
// only finds out whether that can be done.
func (t *Tree) visit(e Edit, owner int, write bool) error {
	n := &t.Root
	for i, step := range e.Path {
		switch {
		case n.Delete && e.takesAway():
			return nil
		case n.Delete, n.Set != nil && (step.InList || n.Set.Kind != yaml.MappingNode),
			!step.InList && len(n.Append)+len(n.Remove) > 0:
			return conflict(e.Path[:i])
		}
		child := n.child(step)
		if child == nil {
			if !write {
				return nil
			}
			child = n.add(step)
		}
		n = child
	}
	return n.merge(e, owner, write)
}

func (n *Node) child(step Step) *Node {
	if step.InList {
		if i, found := n.item(step.Index); found {
			return &n.Items[i].Node
		}
		return nil
	}
	for _, c := range n.Fields {
		if c.Step == step {
			return &c.Node
		}
	}
	return nil
}

// item finds what happens to an element of a list, or where it would be.
func (n *Node) item(index int) (int, bool) {
	return slices.BinarySearchFunc(n.Items, index, func(c *Child, index int) int { return c.Step.Index - index })
}

func (n *Node) add(step Step) *Node {
	c := &Child{Step: step}
	if !step.InList {
		n.Fields = append(n.Fields, c)
		return &c.Node
	}
	at, _ := n.item(step.Index)
	n.Items = slices.Insert(n.Items, at, c)
	return &c.Node
}

// merge joins an edit with what is asked for at the same value.
func (n *Node) merge(e Edit, owner int, write bool) error {
	if !n.allows(e) {
		return conflict(e.Path)
	}
	if !write {
		return nil
	}
	n.Owners = append(n.Owners, owner)
	switch e.Operation {
	case finding.Delete:
		*n = Node{Delete: true, Owners: n.Owners}
	case finding.Set:
		n.Set = e.Value
	case finding.Append:
		n.Append = appendNew(n.Append, e.elements())
	case finding.Remove:
		if !n.Delete {
			n.Remove = appendNew(n.Remove, e.elements())
		}
	}
	return nil
}

// allows reports whether an edit can be had together with what the node does.
func (n *Node) allows(e Edit) bool {
	switch e.Operation {
	case finding.Delete:
		return n.Set == nil && len(n.Append)+len(n.Fields)+len(n.Items) == 0
	case finding.Set:
		switch {
		case n.Set != nil:
			return SameValue(n.Set, e.Value)
		case len(n.Fields) > 0:
			return e.Value.Kind == yaml.MappingNode
		}
		return !n.Delete && len(n.Items)+len(n.Append)+len(n.Remove) == 0
	case finding.Append:
		return !n.Delete && len(n.Fields) == 0 && !holdsAny(n.Remove, e.elements()) &&
			(n.Set == nil || n.Set.Kind == yaml.SequenceNode)
	case finding.Remove:
		return n.Set == nil && len(n.Fields) == 0 && !holdsAny(n.Append, e.elements())
	}
	return false
}

func conflict(at Path) error {
	return Refuse(
		"another fix changes %s in a way that contradicts this one; scan again after applying it",
		"另一项修复对 %s 的改动与本项矛盾；应用后请重新扫描", at.String())
}

// SameValue reports whether two YAML trees without aliases mean the same.
func SameValue(a, b *yaml.Node) bool {
	x, errX := ModelOf(a)
	y, errY := ModelOf(b)
	return errX == nil && errY == nil && SameModel(x, y)
}

func holdsAny(list, values []*yaml.Node) bool {
	return slices.ContainsFunc(values, func(v *yaml.Node) bool { return holds(list, v) })
}

func holds(list []*yaml.Node, value *yaml.Node) bool {
	return slices.ContainsFunc(list, func(n *yaml.Node) bool { return SameValue(n, value) })
}

func appendNew(list, values []*yaml.Node) []*yaml.Node {
	for _, v := range values {
		if !holds(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// Everyone lists the owners of the node and of all below it, without repeats.
func (n *Node) Everyone() []int {
	owners := slices.Clone(n.Owners)
	for _, list := range [...][]*Child{n.Fields, n.Items} {
		for _, c := range list {
			owners = append(owners, c.Everyone()...)
		}
	}
	slices.Sort(owners)
	return slices.Compact(owners)
}
