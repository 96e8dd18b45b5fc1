package sbom

import (
	"bytes"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
)

// mostEmbedded bounds what bills inside an image may cost.
var mostEmbedded = Limits{Bytes: 16 << 20, Packages: 20_000}

// Embed adds the packages that bills of materials inside an artifact list, as
// some vendors of images ship them for programs that no package manager knows. A
// package that is known already is not added again, and packages of the
// operating system are taken from its own database alone.
func Embed(a *artifact.Artifact) {
	known := map[string]bool{}
	for i := range a.Packages {
		known[identity(&a.Packages[i])] = true
	}
	for i := range a.Documents {
		d := &a.Documents[i]
		if !Sniff(d.Content) {
			continue
		}
		inner, err := Read(bytes.NewReader(d.Content), d.Path, mostEmbedded)
		if err != nil {
			a.Gaps = append(a.Gaps, artifact.Gap{Path: d.Path, Reason: err.Error()})
			continue
		}
		for _, p := range inner.Packages {
			if id := identity(&p); !p.OfSystem() && p.Ecosystem != "" && !known[id] {
				known[id] = true
				p.Layer, p.Locations, p.Requires, p.Owner = d.Layer, []string{d.Path}, nil, ""
				a.Packages = append(a.Packages, p)
			}
		}
	}
}

func identity(p *artifact.Package) string {
	return p.Type() + "/" + strings.ToLower(p.Name) + "@" + p.Version
}
