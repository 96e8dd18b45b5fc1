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
// they may name what it removes, else in what is there with it. The paths of
// those that lead nowhere are returned.
func (t *Tree) Lay(upper *Index, layer uint16, replaced Replaced) (dangling []string, err error) {
	l := lay{lower: t, upper: upper, layer: layer, replaced: replaced}
	l.resolvePending()
	l.takeAway()
	if err := l.merge(Root, Root); err != nil {
		return nil, err
	}
	return l.resolveLate()
}

type lay struct {
	lower    *Tree
	upper    *Index
	layer    uint16
	replaced Replaced
	late     []lateLink
}

// lateLink is a hard link to what was not there before the layer.
type lateLink struct{ path, target string }

// resolvePending turns each hard link to a lower layer into what it names there.
func (l *lay) resolvePending() {
	u := l.upper.Tree
	for id := Root + 1; id < ID(u.Len()); id++ {
		if u.at(id).kind != Pending {
			continue
		}
		target, err := l.lower.LookupLink(u.Target(id))
		if err != nil || l.lower.at(target).kind.Folder() {
			l.late = append(l.late, lateLink{u.Path(id), u.Target(id)})
			u.Remove(id, 0)
			continue
		}
		l.adopt(id, target)
	}
}

// resolveLate turns the other hard links into what they name in the union.
func (l *lay) resolveLate() (dangling []string, err error) {
	for _, link := range l.late {
		target, err := l.lower.LookupLink(link.target)
		if err != nil || l.lower.at(target).kind.Folder() {
			dangling = append(dangling, link.path)
			continue
		}
		n, leads := l.lower.Node(target), l.lower.Target(target)
		n.Mode |= OtherName
		folder, base := "", link.path
		if i := strings.LastIndexByte(base, '/'); i >= 0 {
			folder, base = base[:i], base[i+1:]
		}
		parent, err := l.lower.Place(folder)
		if err != nil {
			return nil, err
		}
		id, err := l.lower.Make(parent, base)
		if err != nil {
			return nil, err
		}
		l.lower.Clear(id, l.layer)
		if n.Kind != Symlink {
			l.lower.Set(id, n)
		} else if err := l.lower.SetLink(id, n, leads); err != nil {
			return nil, err
		}
	}
	return dangling, nil
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
