package lock

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// Reader is the reader of lock files.
func Reader() catalog.Reader {
	return catalog.Reader{
		Version: "lock 1",
		Wants: func(n *catalog.Name) catalog.Wish {
			if formatOf(n.Dir, n.Base) != nil && !ofOthers(n) {
				return catalog.All
			}
			return catalog.Nothing
		},
		Read: read,
	}
}

// Is reports whether a path has the name of a lock file.
func Is(path string) bool {
	name := catalog.NewName(path, 0, false)
	return formatOf(name.Dir, name.Base) != nil
}

// ofOthers reports whether a file lies in what others published, who do not
// install by it.
func ofOthers(n *catalog.Name) bool {
	for _, folder := range [...]string{"node_modules", "vendor", "site-packages", "dist-packages", "gems", "testdata", "__fixtures__", "fixtures"} {
		if n.Below(folder) {
			return true
		}
	}
	return strings.Contains(n.Dir, "pkg/mod/") || strings.Contains(n.Dir, ".cargo/registry/")
}

// Limits of one file.
const (
	largest      = 64 << 20
	mostPackages = 200_000
)

var errTooMany = fmt.Errorf("it names more than %d packages, the limit: the rest was not read", mostPackages)

// format reads one kind of lock file.
type format struct {
	kind string // type of the package URLs
	read func(f *catalog.File, emit emit) error
}

// emit takes a package; what has no name or no version it leaves out.
type emit func(name, version string)

func read(_ context.Context, f *catalog.File) (catalog.Found, error) {
	name := f.Name()
	format := formatOf(name.Dir, name.Base)
	if f.Size > largest {
		return catalog.Found{}, fmt.Errorf("its %d bytes are more than the limit of %d for a lock file: it was not read", f.Size, largest)
	}
	var packages []artifact.Package
	taken := map[[2]string]bool{}
	err := format.read(f, func(name, version string) {
		key := [2]string{name, version}
		if name == "" || strings.Trim(version, "v") == "" || taken[key] || len(packages) >= mostPackages {
			return
		}
		taken[key] = true
		packages = append(packages, pkg(format.kind, name, version, f.Path))
	})
	if err == nil && len(packages) >= mostPackages {
		err = errTooMany
	}
	slices.SortFunc(packages, func(a, b artifact.Package) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
	found := catalog.Found{Packages: packages}
	if err != nil { // named here, since a reader of many kinds can't name its ecosystem
		found.Gaps = []artifact.Gap{{Path: f.Path, Reason: err.Error(), Ecosystems: []string{artifact.EcosystemOf(format.kind)}}}
	}
	return found, nil
}

func pkg(kind, name, version, path string) artifact.Package {
	p := catalog.NewPackage(kind, name, version, path)
	if kind == "golang" {
		p.Version = strings.TrimPrefix(version, "v") // advisories write it so, package URLs don't
	}
	return p
}

var errForm = errors.New("it is no lock file of the kind that its name says")

// formatOf is the format of a file, by its name.
func formatOf(folder, base string) *format {
	switch base {
	case "package-lock.json", "npm-shrinkwrap.json":
		return &format{"npm", packageLock}
	case "yarn.lock":
		return &format{"npm", yarnLock}
	case "pnpm-lock.yaml":
		return &format{"npm", pnpmLock}
	case "bun.lock":
		return &format{"npm", bunLock}
	case "poetry.lock", "pdm.lock", "uv.lock", "pylock.toml":
		return &format{"pypi", tables("[[package]]", "[[packages]]")}
	case "Pipfile.lock":
		return &format{"pypi", pipfileLock}
	case "Cargo.lock":
		return &format{"cargo", tables("[[package]]")}
	case "Gemfile.lock", "gems.locked":
		return &format{"gem", gemfileLock}
	case "composer.lock":
		return &format{"composer", composerLock}
	case "go.mod":
		return &format{"golang", goMod}
	}
	return furtherFormat(folder, base)
}

func furtherFormat(folder, base string) *format {
	switch base {
	case "gradle.lockfile", "buildscript-gradle.lockfile":
		return &format{"maven", gradleLock}
	case "verification-metadata.xml":
		if strings.HasSuffix(folder, "gradle") {
			return &format{"maven", gradleVerification}
		}
	case "packages.lock.json":
		return &format{"nuget", nugetLock}
	case "mix.lock":
		return &format{"hex", mixLock}
	case "pubspec.lock":
		return &format{"pub", pubspecLock}
	case "conan.lock":
		return &format{"conan", conanLock}
	case "renv.lock":
		return &format{"cran", renvLock}
	case "cabal.project.freeze":
		return &format{"hackage", cabalFreeze}
	}
	if strings.HasPrefix(base, "requirements") && strings.HasSuffix(base, ".txt") {
		return &format{"pypi", requirements}
	}
	return nil
}
