package settle

import (
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog/lock"
)

// withoutLocked leaves out what lock files ask for where it is known what is
// installed. In a folder of sources nothing is, and all of it counts.
func withoutLocked(form artifact.Form, packages []artifact.Package) []artifact.Package {
	installed := map[string]bool{}  // package URLs
	ecosystems := map[string]bool{} // with anything installed; of npm, with the folder
	for i := range packages {
		p := &packages[i]
		if isLocked(p) {
			continue
		}
		installed[p.PURL] = true
		ecosystems[p.Ecosystem+place(p)] = true
	}
	kept := packages[:0]
	for _, p := range packages {
		if isLocked(&p) && (installed[p.PURL] || form == artifact.Container && ecosystems[p.Ecosystem+place(&p)]) {
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

func isLocked(p *artifact.Package) bool {
	return !p.OfSystem() && len(p.Locations) > 0 && lock.Is(p.Locations[0])
}

// place is the folder of the project that a package of npm belongs to. Other
// systems install all packages in places of their own.
func place(p *artifact.Package) string {
	if p.Ecosystem != "npm" {
		return ""
	}
	path := p.Locations[0]
	if at := strings.Index(path, "node_modules/"); at >= 0 {
		return " " + path[:at]
	}
	return " " + path[:strings.LastIndexByte(path, '/')+1]
}
