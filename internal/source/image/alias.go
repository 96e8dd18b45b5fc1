package image

import (
	"path"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/tree"
)

// Bounds of what links are followed for.
const (
	mostQuestions = 1_000_000 // to the catalog
	mostNested    = 2         // links to folders inside linked folders
)

// aliases finds files that only a link makes interesting: the catalog wants the
// name of the link, or a name below it, and was not shown the content.
type aliases struct {
	union     *union
	catalog   catalog.Catalog
	names     map[content]string
	questions int
}

// findAliases gives for each content the name under which it is wanted.
func findAliases(u *union, c catalog.Catalog) map[content]string {
	a := aliases{union: u, catalog: c, names: map[content]string{}}
	for id := range u.tree.All() {
		switch n := u.tree.Node(id); {
		case n.Kind == tree.Symlink:
			a.follow(id, u.tree.Path(id), nil)
		case n.Kind == tree.Regular && n.Mode&tree.OtherName != 0:
			a.ask(u.tree.Path(id), n)
		}
	}
	if a.questions >= mostQuestions {
		u.gaps = append(u.gaps, artifact.Gap{Path: "links", Reason: "links to folders give more names to files than foil looks at: package databases behind links may be missed"})
	}
	return a.names
}

// follow looks at what a link with a name leads to.
func (a *aliases) follow(link tree.ID, name string, inside []tree.ID) {
	t := a.union.tree
	target, err := t.Lookup(t.Path(link))
	if err != nil {
		return
	}
	n := t.Node(target)
	if n.Kind == tree.Regular {
		a.ask(name, n)
	}
	if !n.Kind.Folder() || len(inside) > mostNested || slices.Contains(inside, target) || a.holds(target, link) {
		return
	}
	a.walk(target, name, append(inside, target))
}

// holds reports whether a folder holds a node at any depth: a link to a folder
// around it would give every name again and again.
func (a *aliases) holds(folder, id tree.ID) bool {
	for id != tree.Root && id != folder {
		id = a.union.tree.Parent(id)
	}
	return id == folder
}

func (a *aliases) walk(folder tree.ID, name string, inside []tree.ID) {
	t := a.union.tree
	for id := range t.Children(folder) {
		if a.questions >= mostQuestions {
			return
		}
		below := name + "/" + t.Name(id)
		switch n := t.Node(id); {
		case len(below) > tree.LongestPath:
		case n.Kind == tree.Regular:
			a.ask(below, n)
		case n.Kind == tree.Symlink:
			a.follow(id, below, inside)
		case n.Kind.Folder():
			a.walk(id, below, inside)
		}
	}
}

// ask takes note of a content that is wanted under a name.
func (a *aliases) ask(name string, n tree.Node) {
	c := contentOf(n)
	if a.union.seen[c] {
		return
	}
	if a.questions++; a.catalog.Wants(name, n.Mode&^tree.OtherName, n.Size) != catalog.All {
		return
	}
	if other, ok := a.names[c]; !ok || better(name, other) {
		a.names[c] = name
	}
}

// better prefers the shorter of two names, so that the choice does not depend on
// the order of the archive.
func better(name, other string) bool {
	a, b := strings.Count(name, "/"), strings.Count(other, "/")
	return a < b || a == b && path.Clean(name) < path.Clean(other)
}
