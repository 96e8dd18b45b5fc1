package gobinary

import (
	"runtime/debug"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// mostModules bounds what a program can claim; the largest known has about 1,500.
const mostModules = 50_000

// packages are the modules of a program: its own, those that it needs, and the
// standard library.
func packages(info *debug.BuildInfo, path string) []artifact.Package {
	var list []artifact.Package
	add := func(m *debug.Module) {
		name, version := linked(m)
		if name != "" && len(list) < mostModules {
			list = append(list, Module(name, version, path))
		}
	}
	list = append(list, Module("stdlib", Toolchain(info.GoVersion), path))
	add(&info.Main)
	for _, m := range info.Deps {
		add(m)
	}
	return list
}

// linked is what stands in the place of a module. A folder that replaces it has
// no version, so the module keeps its name and loses what it claimed.
func linked(m *debug.Module) (name, version string) {
	switch r := m.Replace; {
	case r == nil:
		return m.Path, m.Version
	case r.Version == "":
		return m.Path, ""
	default:
		return r.Path, r.Version
	}
}

// Module makes a package. The main module of a build outside of version control
// is "(devel)", which is no version: nothing can be said about its flaws.
func Module(name, version, path string) artifact.Package {
	if version == "(devel)" {
		version = ""
	}
	p := catalog.NewPackage("golang", name, version, path)
	p.Version = strings.TrimPrefix(version, "v") // advisories write it so, package URLs don't
	return p
}

// Toolchain is the version of the standard library that a toolchain brings:
// "1.26.8" of "go1.26.8", also with experiments or a vendor's mark behind it;
// empty for a toolchain between releases.
func Toolchain(goVersion string) string {
	version, isRelease := strings.CutPrefix(goVersion, "go")
	if !isRelease {
		return ""
	}
	version, _, _ = strings.Cut(version, " ")
	version, _, _ = strings.Cut(version, "-")
	for _, stage := range []string{"rc", "beta"} { // 1.26rc1 is 1.26.0-rc.1 elsewhere
		if release, number, found := strings.Cut(version, stage); found {
			return release + ".0-" + stage + "." + number
		}
	}
	return version
}
