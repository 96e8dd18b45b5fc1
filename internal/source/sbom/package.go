package sbom

import (
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/purl"
)

// packageOf is what a package URL says: the package, and the operating system
// that it belongs to, if any.
func packageOf(u *purl.URL) (artifact.Package, artifact.OS) {
	p := artifact.Package{
		Name: u.FullName(), Version: u.Version, PURL: u.String(), Ecosystem: artifact.EcosystemOf(u.Type), Architecture: u.Qualifier("arch"), Module: u.Qualifier("rpmmod"),
	}
	if u.Type == "golang" {
		p.Version = strings.TrimPrefix(p.Version, "v")
		if p.Name == "stdlib" || p.Name == "toolchain" {
			p.Version = strings.TrimPrefix(p.Version, "go")
		}
	}
	if !p.OfSystem() {
		return p, artifact.OS{}
	}
	p.Name = u.Name
	if epoch := u.Qualifier("epoch"); epoch != "" && epoch != "0" && p.Version != "" && !strings.Contains(p.Version, ":") {
		p.Version = epoch + ":" + p.Version
	}
	sourceOf(u, &p)
	return p, systemOf(u)
}

// sourceOf reads the source from the qualifiers that tools write: upstream
// (syft), origin, source and sourceversion, sourcerpm (scalibr).
func sourceOf(u *purl.URL, p *artifact.Package) {
	for _, key := range []string{"upstream", "origin", "source", "sourcerpm"} {
		text := u.Qualifier(key)
		if text == "" || text == "UNKNOWN" {
			continue
		}
		if u.Type == "rpm" && strings.HasSuffix(text, ".rpm") {
			p.SourceName, p.SourceVersion = splitRPM(text)
			return
		}
		p.SourceName, p.SourceVersion, _ = strings.Cut(text, "@")
		break
	}
	if version := u.Qualifier("sourceversion"); version != "" && p.SourceName != "" {
		p.SourceVersion = version
	}
	settleSource(p)
}

// settleSource gives a source without a version that of the package. Debian's
// binary rebuilds are no version of the source.
func settleSource(p *artifact.Package) {
	if p.SourceName == "" && p.Type() != "rpm" {
		p.SourceName = p.Name
	}
	if p.SourceName != "" && p.SourceVersion == "" {
		p.SourceVersion = p.Version
		if p.Type() == "deb" {
			p.SourceVersion = withoutRebuild(p.Version)
		}
	}
}

// withoutRebuild takes "+b13" off the end.
func withoutRebuild(version string) string {
	at := strings.LastIndex(version, "+b")
	if at < 0 || at+2 == len(version) || strings.Trim(version[at+2:], "0123456789") != "" {
		return version
	}
	return version[:at]
}

// splitRPM takes a file name apart: name-version-release.arch.rpm.
func splitRPM(file string) (name, version string) {
	rest := strings.TrimSuffix(file, ".rpm")
	if at := strings.LastIndexByte(rest, '.'); at > 0 {
		rest = rest[:at]
	}
	release := strings.LastIndexByte(rest, '-')
	if release <= 0 {
		return rest, ""
	}
	at := strings.LastIndexByte(rest[:release], '-')
	if at <= 0 {
		return rest, ""
	}
	return rest[:at], rest[at+1:]
}
