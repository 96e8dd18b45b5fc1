package image

import (
	"slices"

	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/tree"
)

// What is recognised by its place alone may lie somewhere else, with a link in
// its place. Other files are recognised by their own names wherever they are, so
// that looking at them again under the name of a link finds nothing new, and
// costs another pass over a layer.
func placeFolders() []string {
	return []string{
		"var/lib/dpkg", "usr/lib/opkg", "var/lib/opkg", "lib/apk/db", "usr/lib/apk/db",
		"var/lib/rpm", "usr/lib/sysimage/rpm", "var/lib/pacman/local",
	}
}

func placeFiles() []string {
	return []string{
		"etc/os-release", "usr/lib/os-release", "etc/lsb-release", "etc/debian_version", "etc/alpine-release", "etc/redhat-release",
		"etc/system-release", "etc/oracle-release", "etc/fedora-release", "etc/centos-release", "etc/rocky-release", "etc/almalinux-release",
		"etc/SuSE-release", "etc/arch-release",
	}
}

// deepest is how many folders below a place are looked at.
const deepest = 4

// aliases finds files that only a link makes interesting: the catalog wants the
// name by which they are reached, and was not shown the content.
type aliases struct {
	union   *union
	catalog catalog.Catalog
	names   map[content]string
}

// findAliases gives for each content the name under which it is wanted.
func findAliases(u *union, c catalog.Catalog) map[content]string {
	a := aliases{union: u, catalog: c, names: map[content]string{}}
	for _, name := range slices.Concat(placeFolders(), placeFiles()) {
		a.visit(name, 0)
	}
	return a.names
}

// visit looks at what a name leads to.
func (a *aliases) visit(name string, depth int) {
	t := a.union.tree
	id, err := t.Lookup(name)
	if err != nil {
		return
	}
	switch n := t.Node(id); {
	case n.Kind == tree.Regular:
		a.ask(name, n)
	case n.Kind.Folder() && depth < deepest:
		for child := range t.Children(id) {
			a.visit(name+"/"+t.Name(child), depth+1)
		}
	}
}

// ask takes note of a content that is wanted under a name; of several the first.
func (a *aliases) ask(name string, n tree.Node) {
	c := contentOf(n)
	if other, taken := a.names[c]; a.union.seen[c] || taken && other <= name {
		return
	}
	if a.catalog.Wants(name, n.Mode&^tree.OtherName, n.Size) == catalog.All {
		a.names[c] = name
	}
}
