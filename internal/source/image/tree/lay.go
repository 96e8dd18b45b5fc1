package tree

import (
	"fmt"
	"strings"
)

// Whiteout is a name that a layer removes from the layers below.
type Whiteout struct{ Folder, Name string }

// Index is one layer: what it adds and what it takes away.
type Index struct {
	*Tree
	Whiteouts []Whiteout
	Opaque    []string // folders of which nothing below shows through
}

// Replaced is told of a file that another one takes the place of.
type Replaced func(old, by Node)

// Lay puts a layer on top. A folder of the layer, named or implied, hides a link
// of the same name below, as in an overlay file system; it is not written
// through. Hard links are resolved in what was there before the layer, since
// they may name what it removes. The paths of those that lead nowhere are
// returned.
func (t *Tree) Lay(upper *Index, layer uint16, replaced Replaced) (dangling []string, err error) {
	l := lay{lower: t, upper: upper, layer: layer, replaced: replaced}
	dangling = l.resolvePending()
	l.takeAway()
	return dangling, l.merge(Root, Root)
}

type lay struct {
	lower    *Tree
	upper    *Index
	layer    uint16
	replaced Replaced
}

// resolvePending turns each hard link to a lower layer into what it names there.
func (l *lay) resolvePending() (dangling []string) {
	u := l.upper.Tree
	for id := Root + 1; id < ID(u.Len()); id++ { //nolint:gosec // bounded by MostNodes
		if u.at(id).kind != Pending {
			continue
		}
		target, err := l.lower.LookupLink(u.Target(id))
		if err != nil || l.lower.at(target).kind.Folder() {
			dangling = append(dangling, u.Path(id))
			u.Remove(id, 0)
			u.at(id).size = 0
			continue
		}
		l.adopt(id, target)
	}
	return dangling
}

// adopted marks nodes that keep the layer of the content they name.
const adopted = 1 << 15

func (l *lay) adopt(id, target ID) {
	n := l.lower.Node(target)
	n.Layer |= adopted
	n.Mode |= OtherName
	if n.Kind == Symlink {
		_ = l.upper.SetLink(id, n, l.lower.Target(target)) // it replaces a target of its own
		return
	}
	l.upper.Set(id, n)
}

// takeAway removes what the layer hides.
func (l *lay) takeAway() {
	last, folder, ok := "", Root, true
	for _, w := range l.upper.Whiteouts {
		if w.Folder != last { // most lie beside each other
			last = w.Folder
			folder, ok = l.below(last)
		}
		if ok {
			if id, ok := l.lower.Child(folder, w.Name); ok {
				l.lower.Remove(id, l.layer)
			}
		}
	}
	for _, path := range l.upper.Opaque {
		if folder, ok := l.below(path); ok {
			l.lower.Clear(folder, l.layer)
		}
	}
}

// below is a folder of the lower layers by its very name.
func (l *lay) below(path string) (ID, bool) {
	at := Root
	for name := range strings.SplitSeq(path, "/") {
		if name == "" {
			continue
		}
		child, ok := l.lower.Child(at, name)
		if !ok || !l.lower.at(child).kind.Folder() {
			return Root, false
		}
		at = child
	}
	return at, true
}

// merge puts the names of one folder over those of another.
func (l *lay) merge(upper, lower ID) error {
	type pair struct{ upper, lower ID }
	stack := []pair{{upper, lower}}
	for len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for id := range l.upper.Children(p.upper) {
			to, err := l.lower.Make(p.lower, l.upper.Name(id))
			if err != nil {
				return fmt.Errorf("layer %d: %w", l.layer, err)
			}
			if err := l.put(id, to); err != nil {
				return fmt.Errorf("layer %d: %w", l.layer, err)
			}
			if l.upper.at(id).kind.Folder() {
				stack = append(stack, pair{id, to})
			}
		}
	}
	return nil
}

// put sets one name to what the layer says.
func (l *lay) put(id, to ID) error {
	n := l.upper.Node(id)
	if n.Layer&adopted != 0 {
		n.Layer &^= adopted
	} else {
		n.Layer = l.layer
	}
	below := l.lower.at(to)
	switch {
	case n.Kind == Implied && below.kind.Folder():
		return nil
	case below.kind.Folder() && !n.Kind.Folder():
		l.lower.Clear(to, l.layer)
	case n.Kind == Regular:
		l.tell(to, n)
	}
	if n.Kind == Symlink {
		return l.lower.SetLink(to, n, l.upper.Target(id))
	}
	l.lower.Set(to, n)
	return nil
}

// tell reports which file a file takes the place of, also one that the same
// layer takes away.
func (l *lay) tell(to ID, by Node) {
	if l.replaced == nil {
		return
	}
	if old := l.lower.Node(to); old.Kind == Regular {
		l.replaced(old, by)
	} else if old, removed, ok := l.lower.Was(to); ok && removed == l.layer {
		l.replaced(old, by)
	}
}
