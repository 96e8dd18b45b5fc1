package settle

import (
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// own finds the packages of the system that installed packages of languages.
func own(packages []artifact.Package, owned []catalog.Ownership) {
	places := map[string][]*artifact.Package{}
	for i := range packages {
		if p := &packages[i]; !p.OfSystem() {
			for _, l := range p.Locations {
				place, _, _ := strings.Cut(l, "!/") // an archive in an archive
				places[place] = append(places[place], p)
			}
		}
	}
	if len(places) == 0 {
		return
	}
	owners := ownersOf(packages)
	for i := range owned {
		purl := owners[ownerKey(owned[i].Type, owned[i].Package)]
		if purl == "" {
			continue
		}
		for _, file := range owned[i].Files {
			for _, p := range found(places, file) {
				p.Owner = purl
			}
		}
	}
}

// ownersOf are the package URLs of the system's packages by the names that file
// lists give them: "libc6" and "libc6:amd64".
func ownersOf(packages []artifact.Package) map[string]string {
	owners := map[string]string{}
	for i := range packages {
		p := &packages[i]
		if !p.OfSystem() {
			continue
		}
		owners[ownerKey(p.Type(), p.Name)] = p.PURL
		owners[ownerKey(p.Type(), p.Name+":"+p.Architecture)] = p.PURL
	}
	return owners
}

func ownerKey(kind, name string) string { return kind + " " + name }

// found are the packages in a place. Databases that were made before the
// folders at the root became links name files by the old paths.
func found(places map[string][]*artifact.Package, file string) []*artifact.Package {
	if list := places[file]; list != nil {
		return list
	}
	for _, folder := range [...]string{"lib/", "bin/", "sbin/", "lib64/"} {
		if strings.HasPrefix(file, folder) {
			return places["usr/"+file]
		}
	}
	return nil
}

// withoutOwnedPrograms leaves out programs that were recognised by their
// content although a package of the system brought them.
func withoutOwnedPrograms(packages []artifact.Package) []artifact.Package {
	return slices.DeleteFunc(packages, func(p artifact.Package) bool { return p.Owner != "" && p.Type() == "generic" })
}
