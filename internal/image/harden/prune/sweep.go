package prune

import (
	"path"
	"slices"

	"github.com/foilsec/foil/internal/image/harden/inventory"
	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// dropLinks takes out links of packages whose target went. A link that led
// nowhere before stays with its package: its target is made at run time.
func (p *pruning) dropLinks() {
	for again := true; again; {
		again = false
		for _, file := range p.Tree.Paths() {
			if e := p.Tree.Lookup(file); e == nil || e.Kind != rootfs.Link || p.keepsLink(file) {
				continue
			}
			p.drop(file)
			again = true
		}
	}
}

// keepsLink reports whether a link stays.
func (p *pruning) keepsLink(file string) bool {
	if p.Uses(file) {
		return true
	}
	owners := p.Inventory.Owners(file)
	gone := len(owners) > 0 && !slices.ContainsFunc(owners, func(o *inventory.Package) bool { return !p.removed[o] })
	real, _, err := p.Tree.Resolve(file)
	if err != nil {
		return p.dangling[file] && !gone
	}
	// A link into what is kept stays, whoever made it: programs may go through
	// it, and no event tells.
	if p.Tree.Lookup(real).Kind == rootfs.File {
		return true
	}
	return !gone || len(p.Tree.Names(real)) > 0 && !within(file, "usr/share")
}

// findDangling remembers the links that lead nowhere before anything goes.
func (p *pruning) findDangling() {
	for _, file := range p.Tree.Paths() {
		if p.Tree.Lookup(file).Kind != rootfs.Link {
			continue
		}
		if _, _, err := p.Tree.Resolve(file); err != nil {
			p.dangling[file] = true
		}
	}
}

// dropFolders takes out folders that became empty, if they are those of
// packages that went. Empty folders that were there for a reason stay.
func (p *pruning) dropFolders() {
	paths := p.Tree.Paths()
	slices.Reverse(paths) // what is inside comes first
	for _, folder := range paths {
		e := p.Tree.Lookup(folder)
		if e.Kind == rootfs.Folder && len(p.Tree.Names(folder)) == 0 && isProgramFolder(folder) {
			p.Tree.Drop(folder)
		}
	}
}

// isProgramFolder reports whether a folder holds what packages install, and not
// what programs write.
func isProgramFolder(folder string) bool {
	for _, top := range []string{"usr", "lib", "bin", "sbin", "etc", "opt", "var/lib/apt", "var/lib/dpkg", "var/cache/apt", "var/cache/debconf", "debootstrap"} {
		if within(folder, top) && folder != top && path.Dir(folder) != "usr" {
			return true
		}
	}
	return path.Base(folder) == "__pycache__" || path.Base(folder) == "node_modules"
}

// dropBits takes the right to change user or group from programs that were not
// executed.
func (p *pruning) dropBits() []string {
	if p.Level != App || p.Executes == nil {
		return nil
	}
	var list []string
	for _, file := range p.Tree.Paths() {
		e := p.Tree.Lookup(file)
		if e.Executable() && e.Mode&(rootfs.SetUID|rootfs.SetGID) != 0 && !p.Executes(file) {
			e.Mode &^= rootfs.SetUID | rootfs.SetGID
			list = append(list, file)
		}
	}
	return list
}
