package tree

import "iter"

// Remove takes away a node and everything below it.
func (t *Tree) Remove(id ID, layer uint16) {
	t.Clear(id, layer)
	t.at(id).remove(layer, Gone)
}

// remove keeps what a file was, and since when it is gone; see [Tree.Was].
func (n *node) remove(layer uint16, to Kind) {
	switch {
	case n.kind == Regular:
		n.size = int64(layer) + 1
	case !n.kind.gone():
		n.size = 0
	}
	n.kind = to
}

// Was tells of a node that is gone which file it was, and which layer removed
// it.
func (t *Tree) Was(id ID) (file Node, removed uint16, ok bool) {
	n := t.at(id)
	if !n.kind.gone() || n.size == 0 {
		return Node{}, 0, false
	}
	return Node{Kind: Regular, Layer: n.layer, Mode: n.mode, Entry: n.entry}, uint16(n.size - 1), true
}

// Clear removes everything below a node. It takes the names off the list of the
// folder, so that clearing one folder again and again costs nothing.
func (t *Tree) Clear(id ID, layer uint16) {
	stack := []ID{id}
	for len(stack) > 0 {
		folder := t.at(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		child := folder.child
		folder.child = Root
		for child != Root {
			n := t.at(child)
			if n.kind.Folder() {
				stack = append(stack, child)
			}
			n.remove(layer, detached)
			child, n.next = n.next, Root
		}
	}
}

// attach puts a node back on the list of its folder.
func (t *Tree) attach(id ID) {
	n := t.at(id)
	if n.kind != detached {
		return
	}
	folder := t.at(n.parent)
	n.next, folder.child, n.kind = folder.child, id, Gone
}

// Children yields the nodes in a folder that are not gone, in no order that
// means anything.
func (t *Tree) Children(id ID) iter.Seq[ID] {
	return func(yield func(ID) bool) {
		for child := t.at(id).child; child != Root; child = t.at(child).next {
			if t.at(child).kind != Gone && !yield(child) {
				return
			}
		}
	}
}

// All yields every node but the removed ones; folders come in no order that
// means anything.
func (t *Tree) All() iter.Seq[ID] {
	return func(yield func(ID) bool) {
		for id := Root; id < ID(t.count); id++ {
			if !t.at(id).kind.gone() && !yield(id) {
				return
			}
		}
	}
}

// Settled reports whether no hard link waits for a lower layer.
func (t *Tree) Settled() bool {
	for id := range t.All() {
		if t.at(id).kind == Pending {
			return false
		}
	}
	return true
}
