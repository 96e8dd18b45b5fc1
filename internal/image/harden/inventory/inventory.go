package inventory

import (
	"path"
	"strings"

	"github.com/foilsec/foil/internal/image/harden/rootfs"
	"github.com/foilsec/foil/internal/purl"
)

// The package systems, as package URLs name them.
const (
	Deb  = "deb"
	Apk  = "apk"
	NPM  = "npm"
	PyPI = "pypi"
)

// Package is one installed package.
type Package struct {
	System       string
	Name         string
	Version      string
	Architecture string
	Essential    bool
	Depends      []string // names; alternatives are left to each other
	Provides     []string
	Files        []string // where they are in the tree; no folders
	// Records are files of the database that are about this package alone.
	Records []string

	listed map[string]string // file by how the database writes it
}

// OfSystem reports whether a package belongs to the operating system.
func (p *Package) OfSystem() bool { return p.System == Deb || p.System == Apk }

// PURL is the package URL. A distribution, as the release file names it, is the
// namespace of system packages.
func (p *Package) PURL(distribution string) string {
	u := purl.URL{Type: p.System, Name: p.Name, Version: p.Version}
	if p.OfSystem() {
		u.Namespace = distribution
		u.SetQualifier("arch", p.Architecture)
	} else if at := strings.LastIndexByte(p.Name, '/'); at > 0 {
		u.Namespace, u.Name = p.Name[:at], p.Name[at+1:]
	}
	return u.String()
}

// Inventory is all packages of a tree.
type Inventory struct {
	Packages []*Package
	RPM      bool // there is an RPM database
	owners   map[string][]*Package
	tree     *rootfs.Tree
}

// Read lists the packages of a tree.
func Read(tree *rootfs.Tree) *Inventory {
	i := &Inventory{tree: tree, owners: map[string][]*Package{}}
	i.readStatus()
	i.readStatusFolder()
	i.readApk()
	i.own()
	i.readFolders()
	i.own()
	for _, folder := range []string{"var/lib/rpm", "usr/lib/sysimage/rpm"} {
		for _, name := range []string{"Packages", "Packages.db", "rpmdb.sqlite"} {
			i.RPM = i.RPM || tree.Lookup(path.Join(folder, name)) != nil
		}
	}
	return i
}

// own fills the index of owners.
func (i *Inventory) own() {
	clear(i.owners)
	for _, p := range i.Packages {
		for _, f := range p.Files {
			i.owners[f] = append(i.owners[f], p)
		}
	}
}

// Owners are the packages that a file belongs to.
func (i *Inventory) Owners(file string) []*Package { return i.owners[file] }

// Installs reports whether a package is there, by name.
func (i *Inventory) Installs(name string) bool {
	for _, p := range i.Packages {
		if p.Name == name {
			return true
		}
	}
	return false
}

// mostDatabase bounds one file of a database.
const mostDatabase = 64 << 20

// read reads a file of a database, following links. A missing one is empty.
func (i *Inventory) read(name string) (content, real string) {
	real, _, err := i.tree.Resolve(name)
	if err != nil {
		return "", ""
	}
	text, err := i.tree.Read(real, mostDatabase)
	if err != nil {
		return "", ""
	}
	return string(text), real
}

// claim adds a file to a package, if it is in the tree. Databases name files as
// they were before folders became links.
func (p *Package) claim(tree *rootfs.Tree, listed string) {
	at, err := tree.Locate(listed)
	if err != nil {
		return
	}
	if e := tree.Lookup(at); e != nil && e.Kind != rootfs.Folder {
		if p.listed == nil {
			p.listed = map[string]string{}
		}
		p.listed[listed] = at
		p.Files = append(p.Files, at)
	}
}
