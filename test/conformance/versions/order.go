package main

import (
	"path/filepath"
	"strings"

	"github.com/foilsec/foil/internal/version"
)

// orderOf finds the order for a name such as "tables/npm-2.txt": by the longest
// beginning that names an ecosystem.
func orderOf(name string) (version.Order, bool) {
	words := strings.FieldsFunc(baseName(name), func(r rune) bool { return strings.ContainsRune("-_. ", r) })
	for n := len(words); n > 0; n-- {
		word := strings.Join(words[:n], "")
		for _, name := range []string{word, strings.TrimRight(word, "0123456789")} { // pep440, apk3
			if order, ok := named(name); ok {
				return order, true
			}
		}
	}
	return nil, false
}

func baseName(name string) string {
	name = strings.ToLower(filepath.Base(name))
	for _, extension := range []string{".txt", ".list", ".tsv", ".versions"} {
		name = strings.TrimSuffix(name, extension)
	}
	base, _, _ := strings.Cut(name, ":")
	return base
}

// named knows the names of ecosystems, of their package managers and of
// distributions, in lower case without separators.
func named(name string) (version.Order, bool) {
	switch name {
	case "rpmnevra", "nevra":
		return nevra, true
	case "debian", "ubuntu", "dpkg", "deb":
		return version.Debian, true
	case "redhat", "rhel", "rpm", "rpmversion", "rpmvercmp", "rpmver", "almalinux", "alma", "rocky", "rockylinux", "centos", "fedora",
		"suse", "sles", "opensuse", "amazon", "amazonlinux", "oracle", "oraclelinux", "mageia", "photon", "photonos", "openeuler", "azurelinux", "mariner":
		return version.RPM, true
	case "alpine", "apk", "wolfi", "chainguard", "minimos":
		return version.Alpine, true
	case "semver", "npm", "node", "go", "golang", "crates", "cratesio", "cargo", "rust", "bitnami", "kubernetes", "hex", "swift", "swifturl", "julia":
		return version.Semver, true
	case "pypi", "pep440", "python", "pip":
		return version.Python, true
	case "maven", "java", "mvn":
		return version.Maven, true
	case "rubygems", "ruby", "gem", "gems":
		return version.RubyGems, true
	case "nuget", "dotnet":
		return version.NuGet, true
	case "packagist", "composer", "php":
		return version.Packagist, true
	case "pub", "dart":
		return version.Pub, true
	case "cran", "r", "bioconductor":
		return version.CRAN, true
	case "hackage", "haskell", "ghc":
		return version.Hackage, true
	case "conan", "conancenter":
		return version.Conan, true
	case "echonpm":
		return version.EchoNPM, true
	case "natural", "generic":
		return version.Natural, true
	}
	return nil, false
}
