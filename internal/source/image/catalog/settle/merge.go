package settle

import (
	"slices"

	"github.com/foilsec/foil/internal/artifact"
)

// merge makes one package of what was found twice: a package of the system is
// one wherever its database is reached, any other is one in each place.
func merge(packages []artifact.Package) []artifact.Package {
	slices.SortStableFunc(packages, func(x, y artifact.Package) int { return compareFound(&x, &y) })
	at := map[key]int{}
	kept := packages[:0]
	for _, p := range packages {
		k := keyOf(&p)
		if i, known := at[k]; known {
			join(&kept[i], &p)
			continue
		}
		at[k] = len(kept)
		kept = append(kept, p)
	}
	return kept
}

// compareFound puts the finding that counts first: the lowest layer, then the
// first place.
func compareFound(x, y *artifact.Package) int {
	if x.Layer != y.Layer {
		return x.Layer - y.Layer
	}
	return slices.Compare(x.Locations, y.Locations)
}

type key struct {
	purl, name, version, place string
}

func keyOf(p *artifact.Package) key {
	k := key{purl: p.PURL, name: p.Name, version: p.Version}
	if !p.OfSystem() && len(p.Locations) > 0 {
		k.place = p.Locations[0]
	}
	return k
}

func join(p, other *artifact.Package) {
	for _, l := range other.Locations {
		if !slices.Contains(p.Locations, l) {
			p.Locations = append(slices.Clip(p.Locations), l)
		}
	}
	if len(p.Licenses) == 0 {
		p.Licenses = other.Licenses
	}
	if len(p.Requires) == 0 {
		p.Requires = other.Requires
	}
	p.Essential = p.Essential || other.Essential
}
