package image

import (
	"slices"

	"github.com/foilsec/foil/internal/artifact"
)

// packageKey tells whether two lists name the same package.
type packageKey struct{ name, version, architecture string }

func keyOf(p *artifact.Package) packageKey { return packageKey{p.Name, p.Version, p.Architecture} }

// origins finds for each package of a file the layer that brought it: the first
// one since which every layer that rewrote the file kept it.
type origins struct {
	union *union
	known map[content]map[packageKey]int
}

func newOrigins(u *union) *origins {
	return &origins{u, map[content]map[packageKey]int{}}
}

func (o *origins) of(c content) map[packageKey]int {
	var chain []content
	at, more := c, true
	for more && o.known[at] == nil {
		chain = append(chain, at)
		at, more = o.union.before[at]
	}
	for _, c := range slices.Backward(chain) {
		o.known[c] = o.step(c, o.known[at])
		at = c
	}
	return o.known[c]
}

// step adds what one more layer lists.
func (o *origins) step(c content, below map[packageKey]int) map[packageKey]int {
	is := map[packageKey]int{}
	for _, i := range o.union.of[c] {
		packages := o.union.files[i].Packages
		for j := range packages {
			key := keyOf(&packages[j])
			is[key] = int(c.layer)
			if layer, ok := below[key]; ok {
				is[key] = layer
			}
		}
	}
	return is
}
