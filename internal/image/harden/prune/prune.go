package prune

import (
	"path"
	"slices"

	"github.com/foilsec/foil/internal/image/harden/inventory"
	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// Request says what to prune, and what is used.
type Request struct {
	Tree      *rootfs.Tree
	Inventory *inventory.Inventory
	Level     Level
	Uses      func(file string) bool
	Executes  func(file string) bool // nil when it is not known
	Keep      []string               // names of packages that stay whole
}

// Result is what went and what stayed.
type Result struct {
	Removed  []*inventory.Package
	Kept     []*inventory.Package
	Stripped []*inventory.Package // of those kept: they lost files
	Files    int                  // that went
	Bits     []string             // files that lost the right to change user or group
}

// pruning is one run.
type pruning struct {
	Request
	used    map[*inventory.Package]bool
	whole   map[*inventory.Package]bool
	removed map[*inventory.Package]bool
	lost    map[*inventory.Package]bool
	// dangling are links that led nowhere from the start: what they lead to is
	// made when the program runs.
	dangling map[string]bool
	files    int
}

// Run prunes the tree and rewrites the databases in it.
func Run(r Request) *Result {
	p := &pruning{Request: r, used: map[*inventory.Package]bool{}, whole: map[*inventory.Package]bool{},
		removed: map[*inventory.Package]bool{}, lost: map[*inventory.Package]bool{}, dangling: map[string]bool{}}
	p.findDangling()
	p.choose()
	if r.Level == System {
		p.keepNeeded()
	}
	for _, pkg := range r.Inventory.Packages {
		if !p.used[pkg] {
			p.removed[pkg] = true
		}
	}
	p.dropFiles()
	p.dropLinks()
	p.dropFolders()
	r.Inventory.Rewrite(p.removed, p.lost)
	return p.result(p.dropBits())
}

// choose finds the packages that are used by themselves.
func (p *pruning) choose() {
	for _, pkg := range p.Inventory.Packages {
		switch {
		case slices.Contains(p.Keep, pkg.Name):
			p.used[pkg], p.whole[pkg] = true, true
		case pkg.OfSystem() && pinned(pkg.Name), p.Level == System && pkg.Essential:
			p.used[pkg] = true
		case slices.ContainsFunc(pkg.Files, p.usedFile):
			p.used[pkg] = true
		}
		if !pkg.OfSystem() || p.Level == System {
			p.whole[pkg] = true // used or not, but never in part
		}
	}
}

// usedFile reports whether a file shows that its package is used. A licence is
// read by people, and shared with every package.
func (p *pruning) usedFile(file string) bool {
	e := p.Tree.Lookup(file)
	return e != nil && e.Kind == rootfs.File && p.Uses(file)
}

// keepNeeded keeps what used packages depend on.
func (p *pruning) keepNeeded() {
	providers := map[string][]*inventory.Package{}
	for _, pkg := range p.Inventory.Packages {
		for _, name := range append([]string{pkg.Name}, pkg.Provides...) {
			providers[pkg.System+" "+name] = append(providers[pkg.System+" "+name], pkg)
		}
	}
	var queue []*inventory.Package
	for pkg := range p.used {
		queue = append(queue, pkg)
	}
	for len(queue) > 0 {
		pkg := queue[0]
		queue = queue[1:]
		for _, name := range pkg.Depends {
			for _, needed := range providers[pkg.System+" "+name] {
				if !p.used[needed] {
					p.used[needed] = true
					queue = append(queue, needed)
				}
			}
		}
	}
}

// dropFiles takes out files that are not used.
func (p *pruning) dropFiles() {
	for _, file := range p.Tree.Paths() {
		if e := p.Tree.Lookup(file); e.Kind != rootfs.File || p.keeps(file) {
			continue
		}
		p.drop(file)
	}
}

// drop takes out a file and remembers who lost it.
func (p *pruning) drop(file string) {
	p.files++
	for _, owner := range p.Inventory.Owners(file) {
		if !p.removed[owner] {
			p.lost[owner] = true
		}
	}
	p.Tree.Drop(file)
}

// keeps reports whether a file stays.
func (p *pruning) keeps(file string) bool {
	if p.Uses(file) || inventory.IsDatabase(file) {
		return true
	}
	owners := p.Inventory.Owners(file)
	if len(owners) == 0 {
		return p.keepsUnowned(file)
	}
	for _, owner := range owners {
		switch {
		case p.removed[owner]:
		case p.whole[owner], staysWithPackage(file), isLibraryOfC(owner.Name, file):
			return true
		}
	}
	return false
}

// keepsUnowned decides about files that belong to no package. Compiled Python
// belongs to its source.
func (p *pruning) keepsUnowned(file string) bool {
	if folder := path.Dir(file); path.Base(folder) == "__pycache__" {
		name := path.Base(file)
		source := path.Join(path.Dir(folder), name[:len(name)-len(trimmed(name))]+".py")
		if owners := p.Inventory.Owners(source); len(owners) > 0 {
			return p.Tree.Lookup(source) != nil && p.keeps(source)
		}
	}
	if within(file, "usr/share/doc") {
		return isLegal(file)
	}
	return !isLeftover(file) || isLegal(file)
}

// trimmed is what follows the module's name in that of a compiled file.
func trimmed(name string) string {
	for i := range len(name) {
		if name[i] == '.' {
			return name[i:]
		}
	}
	return ""
}

// result lists what became of the packages.
func (p *pruning) result(bits []string) *Result {
	r := &Result{Files: p.files, Bits: bits}
	for _, pkg := range p.Inventory.Packages {
		if p.removed[pkg] {
			r.Removed = append(r.Removed, pkg)
			continue
		}
		r.Kept = append(r.Kept, pkg)
		if p.lost[pkg] {
			r.Stripped = append(r.Stripped, pkg)
		}
	}
	return r
}
