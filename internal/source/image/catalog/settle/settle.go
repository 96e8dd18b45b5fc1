package settle

import (
	"cmp"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/purl"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// Settle completes an artifact.
func Settle(a *artifact.Artifact, owned []catalog.Ownership) {
	for i := range a.Packages {
		if p := &a.Packages[i]; p.OfSystem() {
			ofSystem(&a.OS, p)
		}
	}
	a.Packages = merge(a.Packages)
	a.Packages = withoutLocked(a.Form, a.Packages)
	own(a.Packages, owned)
	a.Packages = withoutOwnedPrograms(a.Packages)
	sortParts(a)
	sayUnknownSystem(a)
}

// ofSystem names a package of the operating system as the system's advisories
// do.
func ofSystem(os *artifact.OS, p *artifact.Package) {
	p.Ecosystem = os.Ecosystem()
	u, err := purl.Parse(p.PURL)
	if err != nil || os.ID == "" {
		return
	}
	u.Namespace = namespace(os.ID)
	distro := os.ID
	if os.VersionID != "" {
		distro += "-" + os.VersionID
	} else if os.Codename != "" {
		distro += "-" + os.Codename
	}
	u.SetQualifier("distro", distro)
	p.PURL = u.String()
}

// namespace is the vendor in package URLs, which is not always the ID of
// os-release.
func namespace(id string) string {
	switch {
	case id == "rhel":
		return "redhat"
	case strings.HasPrefix(id, "opensuse"):
		return "opensuse"
	case id == "sles" || id == "sled" || id == "sles_sap":
		return "suse"
	case id == "ol":
		return "oracle"
	case id == "amzn":
		return "amazon"
	}
	return id
}

// sortParts gives everything an order of its own.
func sortParts(a *artifact.Artifact) {
	slices.SortStableFunc(a.Packages, compare)
	slices.SortStableFunc(a.Programs, func(x, y artifact.Program) int {
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Layer, y.Layer))
	})
	slices.SortStableFunc(a.Secrets, func(x, y artifact.Secret) int {
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Layer, y.Layer))
	})
	slices.SortStableFunc(a.Documents, func(x, y artifact.Document) int {
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Layer, y.Layer))
	})
	slices.SortStableFunc(a.Gaps, func(x, y artifact.Gap) int {
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Reason, y.Reason))
	})
	a.Gaps = slices.CompactFunc(a.Gaps, func(x, y artifact.Gap) bool { return x.Path == y.Path && x.Reason == y.Reason })
}

// compare orders packages: those of the system first.
func compare(x, y artifact.Package) int {
	return cmp.Or(
		-compareTrue(x.OfSystem(), y.OfSystem()), cmp.Compare(x.Ecosystem, y.Ecosystem), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Version, y.Version),
		cmp.Compare(x.PURL, y.PURL), cmp.Compare(x.Layer, y.Layer), slices.Compare(x.Locations, y.Locations),
	)
}

func compareTrue(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return 1
	}
	return -1
}

// sayUnknownSystem says that packages of a system can't be compared with
// anything when it is not known which system it is.
func sayUnknownSystem(a *artifact.Artifact) {
	if a.OS.ID != "" {
		return
	}
	for i := range a.Packages {
		if p := &a.Packages[i]; p.OfSystem() {
			a.Gaps = append(a.Gaps, artifact.Gap{
				Path:   p.Locations[0],
				Reason: "there are packages of an operating system, and no os-release file that says which: they can't be compared with its advisories; add /etc/os-release to the image",
			})
			return
		}
	}
}
