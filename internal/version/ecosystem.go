package version

import "strings"

// ForEcosystem is the order of an ecosystem as OSV names it, with or without a
// release: "Debian:12", "npm". For one that foil does not know it is Natural
// and false.
func ForEcosystem(ecosystem string) (Order, bool) {
	base, suffix, _ := strings.Cut(ecosystem, ":")
	switch base {
	case "Echo":
		return echo(suffix), true
	case "Debian", "Ubuntu", "opam":
		return Debian, true
	case "AlmaLinux", "Amazon Linux", "Azure Linux", "CBL-Mariner", "CentOS", "Fedora", "Mageia", "Oracle Linux",
		"Photon OS", "Red Hat", "Rocky Linux", "SUSE", "TuxCare", "openEuler", "openSUSE":
		return RPM, true
	case "Alpine", "Alpaquita", "BellSoft", "BellSoft Hardened Containers", "Chainguard", "MinimOS", "Wolfi":
		return Alpine, true
	case "Go", "npm", "crates.io", "Bitnami", "Kubernetes", "Hex", "Julia", "SwiftURL", "VSCode":
		return Semver, true
	case "PyPI":
		return Python, true
	case "Maven":
		return Maven, true
	case "RubyGems":
		return RubyGems, true
	case "NuGet":
		return NuGet, true
	case "Packagist":
		return Packagist, true
	case "Pub":
		return Pub, true
	case "CRAN", "Bioconductor":
		return CRAN, true
	case "Hackage", "GHC":
		return Hackage, true
	case "ConanCenter":
		return Conan, true
	case "Android", "GitHub Actions", "Linux", "OSS-Fuzz":
		return Natural, true
	}
	return Natural, false
}
