package osv

import (
	"strings"
	"time"
)

// InForce reports whether the advisory may be used at that time: it is not
// withdrawn, or will only be later.
func (a *Advisory) InForce(now time.Time) bool {
	return a.Withdrawn.IsZero() || a.Withdrawn.After(now)
}

// Covers reports whether the entry is about a package. An entry with a release
// is about that release only; one without is about all of them. A package whose
// release is not known is covered by no entry of a release.
func (a *Affected) Covers(ecosystem, name string) bool {
	if !covers(a.Ecosystem, ecosystem) {
		return false
	}
	return a.Name == name || NormalName(ecosystem, a.Name) == NormalName(ecosystem, name)
}

func covers(entry, pkg string) bool {
	if entry == pkg {
		return true
	}
	base, release, scoped := strings.Cut(entry, ":")
	pkgBase, pkgRelease, pkgScoped := strings.Cut(pkg, ":")
	switch {
	case base != pkgBase:
		return false
	case !scoped:
		return true
	case !pkgScoped: // the suffix is where the package is fetched, and no release
		return base == "Maven" || base == "Packagist"
	case base == "Red Hat":
		return coversProduct(release, pkgRelease)
	}
	return within(normalRelease(base, release), normalRelease(base, pkgRelease))
}

func normalRelease(base, release string) string {
	switch base {
	case "Alpine":
		return strings.TrimPrefix(release, "v")
	case "Ubuntu":
		return strings.TrimSuffix(release, ":LTS")
	}
	return release
}

// within reports whether a release is another or a point release of it: 12.5
// belongs to 12, and 3.20 does not belong to 3.2.
func within(release, point string) bool {
	rest, found := strings.CutPrefix(point, release)
	return found && (rest == "" || rest[0] == '.')
}

// coversProduct compares the product of a Red Hat CPE, as in
// "enterprise_linux:9::appstream", with a product or a bare release: "9.4".
func coversProduct(entry, pkg string) bool {
	product, version := cpeParts(entry)
	pkgProduct, pkgVersion := cpeParts(pkg)
	return product == pkgProduct && within(version, pkgVersion)
}

func cpeParts(text string) (product, version string) {
	product, rest, found := strings.Cut(text, ":")
	if !found {
		return "enterprise_linux", product
	}
	version, _, _ = strings.Cut(rest, ":")
	return product, version
}
