package exception

import (
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/purl"
)

// Flaw selects flaws in packages, by everything that is set. It covers no
// finding of another kind.
type Flaw struct {
	// ID is the id of the flaw or of an advisory about it; with Aliases, any
	// other id of the same flaw too.
	ID      string
	Aliases bool

	Artifact      Pattern // the image, folder or bill that holds the package
	Package       Pattern
	Upstream      Pattern // the source package
	Location      []Pattern
	Version       string
	Type          string // as package URLs or syft have it: "pypi", "python"
	Language      string // as syft has it: "javascript"
	Ecosystem     string // as OSV has it: "npm", "Debian:12"
	Namespace     string // of grype's database: "debian:distro:debian:12"
	MatchType     string // of grype: "exact-direct-match"
	FixState      string
	Status        string // of the statement of a publisher (VEX)
	Justification string
	PURLs         []purl.URL // any of them
}

func (f *Flaw) covers(v *finding.Vulnerability) bool {
	return f.coversID(v) && f.coversPackage(v) && f.coversOrigin(v) &&
		(f.FixState == "" || f.FixState == v.FixState) && f.coversStatement(v.VEX)
}

func (f *Flaw) coversID(v *finding.Vulnerability) bool {
	same := func(id string) bool { return strings.EqualFold(id, f.ID) }
	return f.ID == "" || same(v.ID) || slices.ContainsFunc(v.Records, same) || f.Aliases && slices.ContainsFunc(v.Aliases, same)
}

func (f *Flaw) coversPackage(v *finding.Vulnerability) bool {
	source := v.Source
	if source == "" {
		source = v.Package
	}
	return f.Artifact.matches(v.Artifact) && f.Package.matches(v.Package) && (f.Upstream.any() || f.Upstream.matches(source)) && (f.Version == "" || f.Version == v.Version) &&
		(f.Type == "" || f.Type == v.Type || f.Type == syftType(v.Type)) && (f.Language == "" || f.Language == languageOf(v.Type)) &&
		(len(f.Location) == 0 || slices.ContainsFunc(f.Location, func(p Pattern) bool { return p.matches(v.Location) }))
}

// coversOrigin compares what the package URL says.
func (f *Flaw) coversOrigin(v *finding.Vulnerability) bool {
	switch f.MatchType {
	case "":
	case "exact-direct-match":
		if v.Source != "" && v.Source != v.Package {
			return false
		}
	case "exact-indirect-match":
		if v.Source == "" || v.Source == v.Package {
			return false
		}
	default: // foil does not guess by CPE
		return false
	}
	if f.Ecosystem == "" && f.Namespace == "" && len(f.PURLs) == 0 {
		return true
	}
	u, err := purl.Parse(v.PURL)
	return err == nil && f.coversEcosystem(&u) && f.coversNamespace(&u) &&
		(len(f.PURLs) == 0 || slices.ContainsFunc(f.PURLs, func(p purl.URL) bool { return p.Covers(&u) }))
}

func (f *Flaw) coversStatement(v *finding.VEX) bool {
	if f.Status == "" && f.Justification == "" {
		return true
	}
	return v != nil && (f.Status == "" || f.Status == v.Status) && (f.Justification == "" || f.Justification == v.Justification)
}

// coversEcosystem compares the name that OSV gives, with or without a release.
func (f *Flaw) coversEcosystem(u *purl.URL) bool {
	if f.Ecosystem == "" {
		return true
	}
	name := artifact.EcosystemOf(u.Type)
	if name == "" {
		id, version := distro(u)
		name = (&artifact.OS{ID: id, VersionID: version}).Ecosystem()
	}
	base, _, _ := strings.Cut(name, ":")
	return name != "" && (f.Ecosystem == name || f.Ecosystem == base)
}

// distro is the system that a package URL of foil names.
func distro(u *purl.URL) (id, version string) {
	text := u.Qualifier("distro")
	if at := strings.LastIndexByte(text, '-'); at > 0 {
		return text[:at], text[at+1:]
	}
	return u.Namespace, ""
}

// coversNamespace compares a name space of grype's database: the publisher,
// "distro" or "language", and which.
func (f *Flaw) coversNamespace(u *purl.URL) bool {
	if f.Namespace == "" {
		return true
	}
	part := append(strings.Split(f.Namespace, ":"), "", "", "", "")
	switch part[1] {
	case "language":
		return part[2] == languageOf(u.Type)
	case "distro":
		id, version := distro(u)
		if id == "rhel" && part[2] == "redhat" {
			id = "redhat"
		}
		return id == part[2] && (version == part[3] || strings.HasPrefix(version, part[3]+".") || part[3] == "rolling")
	}
	return false
}
