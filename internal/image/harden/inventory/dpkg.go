package inventory

import (
	"path"
	"strings"
)

const (
	dpkgStatus = "var/lib/dpkg/status"
	dpkgFolder = "var/lib/dpkg/status.d"
	dpkgInfo   = "var/lib/dpkg/info"
)

// StrippedField is the field by which a dpkg database, and StrippedLine the line by which an apk
// database says that files of a package were removed on purpose.
const (
	StrippedField = "Foil-Stripped: yes"
	StrippedLine  = "z:foil-stripped"
)

func (i *Inventory) readStatus() {
	text, _ := i.read(dpkgStatus)
	for _, s := range stanzas(text) {
		if !s.installed() {
			continue
		}
		p := s.debPackage()
		i.readInfo(p)
		i.Packages = append(i.Packages, p)
	}
}

// infoNames are the two spellings of a package in the info folder.
func infoNames(p *Package) []string { return []string{p.Name, p.Name + ":" + p.Architecture} }

// readInfo reads the list of files of a package.
func (i *Inventory) readInfo(p *Package) {
	for _, base := range infoNames(p) {
		list, real := i.read(path.Join(dpkgInfo, base+".list"))
		if real == "" {
			continue
		}
		for line := range strings.Lines(list) {
			p.claim(i.tree, strings.TrimRight(line, "\n"))
		}
	}
	for _, name := range i.tree.Names(dpkgInfo) {
		for _, base := range infoNames(p) {
			if rest, ok := strings.CutPrefix(name, base+"."); ok && !strings.ContainsAny(rest, ".:") {
				p.Records = append(p.Records, path.Join(dpkgInfo, name))
			}
		}
	}
}

// readStatusFolder reads what images without dpkg have: one file for each
// package, beside it the checksums.
func (i *Inventory) readStatusFolder() {
	for _, name := range i.tree.Names(dpkgFolder) {
		file := path.Join(dpkgFolder, name)
		if strings.HasSuffix(name, ".md5sums") {
			continue
		}
		text, _ := i.read(file)
		for _, s := range stanzas(text) {
			if s.fields["package"] == "" {
				continue
			}
			p := s.debPackage()
			p.Records = []string{file}
			sums, real := i.read(file + ".md5sums")
			if real != "" {
				p.Records = append(p.Records, real)
			}
			for line := range strings.Lines(sums) {
				if _, listed, ok := strings.Cut(strings.TrimRight(line, "\n"), "  "); ok {
					p.claim(i.tree, "/"+strings.TrimPrefix(listed, "/"))
				}
			}
			i.Packages = append(i.Packages, p)
		}
	}
}
