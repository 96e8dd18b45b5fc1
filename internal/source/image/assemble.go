package image

import (
	"slices"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// assemble makes an artifact of what the files of a union say.
type assemble struct {
	union    *union
	artifact *artifact.Artifact
	scope    Scope
	owned    []catalog.Ownership
	osRank   int
}

func (a *assemble) run(c catalog.Catalog) {
	a.osRank = 3
	visible := a.union.visible()
	for _, f := range visible {
		f.rename()
		a.system(f)
		a.owned = append(a.owned, f.Owned...)
	}
	files := visible
	if a.scope == AllLayers {
		files = a.union.all()
	}
	a.artifact.Gaps = append(a.artifact.Gaps, a.union.gaps...)
	origins := newOrigins(a.union)
	for _, f := range files {
		a.packages(f, origins.of(f.content))
		a.others(f)
	}
	a.secrets(visible)
	c.Settle(a.artifact, a.owned)
}

// packages adds the packages of a file. Across all layers a package counts where
// it came, and not again where it stayed.
func (a *assemble) packages(f *file, origin map[packageKey]int) {
	for _, p := range f.Packages {
		p.Layer = origin[keyOf(&p)]
		if a.scope == AllLayers && p.Layer != int(f.layer) {
			continue
		}
		a.artifact.Packages = append(a.artifact.Packages, p)
	}
}

func (a *assemble) others(f *file) {
	if f.Program != nil {
		p := *f.Program
		p.Layer = int(f.layer)
		a.artifact.Programs = append(a.artifact.Programs, p)
	}
	for _, d := range f.Documents {
		d.Layer = int(f.layer)
		a.artifact.Documents = append(a.artifact.Documents, d)
	}
	a.artifact.Gaps = append(a.artifact.Gaps, f.Gaps...)
}

// secrets adds the credentials of all layers: what a later layer removes can
// still be taken out of the image.
func (a *assemble) secrets(visible []*file) {
	type key struct{ rule, path, redacted string }
	taken := map[key]bool{}
	for _, f := range visible {
		for _, s := range f.Secrets {
			s.Layer = int(f.layer)
			taken[key{s.Rule, s.Path, s.Redacted}] = true
			a.artifact.Secrets = append(a.artifact.Secrets, s)
		}
	}
	for _, f := range a.union.all() {
		for _, s := range f.Secrets {
			if f.path != "" || taken[key{s.Rule, s.Path, s.Redacted}] {
				continue
			}
			s.Layer, s.Deleted = int(f.layer), true
			a.artifact.Secrets = append(a.artifact.Secrets, s)
		}
	}
}

// system takes the operating system from the file that comes first by rank.
func (a *assemble) system(f *file) {
	if f.OS == nil {
		return
	}
	rank := 2
	switch f.path {
	case "etc/os-release":
		rank = 0
	case "usr/lib/os-release":
		rank = 1
	}
	if rank < a.osRank {
		a.artifact.OS, a.osRank = *f.OS, rank
	}
}

// rename gives what a file says the name under which it is visible, which is
// another one when the first of its names was removed.
func (f *file) rename() {
	from, to := f.Path, f.path
	if from == to {
		return
	}
	swap := func(path *string) {
		if *path == from {
			*path = to
		}
	}
	for i := range f.Packages {
		f.Packages[i].Locations = slices.Clone(f.Packages[i].Locations)
		for j := range f.Packages[i].Locations {
			swap(&f.Packages[i].Locations[j])
		}
	}
	if f.Program != nil {
		swap(&f.Program.Path)
	}
	if f.OS != nil {
		swap(&f.OS.Path)
	}
	for i := range f.Secrets {
		swap(&f.Secrets[i].Path)
	}
	for i := range f.Documents {
		swap(&f.Documents[i].Path)
	}
	for i := range f.Gaps {
		swap(&f.Gaps[i].Path)
	}
}
