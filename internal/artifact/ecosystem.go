package artifact

import "strings"

// Ecosystem is the name that OSV gives to the packages of an operating system,
// with its release: "Debian:12". It is empty for a system that OSV does not
// know, and without a release for one whose release is not known.
func (o *OS) Ecosystem() string {
	id := strings.ToLower(o.ID)
	major, rest, _ := strings.Cut(o.VersionID, ".")
	minor, _, _ := strings.Cut(rest, ".")
	switch id {
	case "debian":
		return released("Debian", major)
	case "alpine":
		return alpine(o.VersionID, major, minor)
	case "ubuntu":
		return released("Ubuntu", o.VersionID)
	case "almalinux":
		return released("AlmaLinux", major)
	case "rocky":
		return released("Rocky Linux", major)
	case "rhel", "redhat":
		return released("Red Hat:enterprise_linux", major)
	case "wolfi", "chainguard", "alpaquita", "minimos", "echo":
		return rolling(id)
	}
	return released(furtherSystem(id, major, minor), o.VersionID)
}

func alpine(version, major, minor string) string {
	switch {
	case version == "":
		return "Alpine"
	case minor == "" || strings.Contains(version, "_"): // edge has the form 3.23.0_alpha20250612
		return "Alpine:edge"
	}
	return "Alpine:v" + major + "." + minor
}

// furtherSystem is the name of a system whose release stands as it is.
func furtherSystem(id, major, minor string) string {
	switch id {
	case "opensuse-leap", "opensuse":
		return "openSUSE:Leap "
	case "opensuse-tumbleweed":
		return "openSUSE:Tumbleweed"
	case "sles", "sles_sap":
		if minor == "" || minor == "0" {
			return "SUSE:Linux Enterprise Server " + major
		}
		return "SUSE:Linux Enterprise Server " + major + " SP" + minor
	case "ol", "oracle":
		return "Oracle Linux"
	case "amzn", "amazon":
		return "Amazon Linux"
	case "azurelinux", "mariner":
		return "Azure Linux"
	case "photon":
		return "Photon OS"
	case "mageia":
		return "Mageia"
	case "openeuler":
		return "openEuler"
	case "fedora":
		return "Fedora"
	}
	return ""
}

func rolling(id string) string {
	switch id {
	case "minimos":
		return "MinimOS"
	}
	return strings.ToUpper(id[:1]) + id[1:]
}

func released(name, release string) string {
	switch {
	case name == "" || release == "":
		return strings.TrimRight(name, " ")
	case strings.HasSuffix(name, " "):
		return name + release
	case strings.Contains(name, ":") && !strings.HasSuffix(name, "enterprise_linux"):
		return name
	}
	return name + ":" + release
}

// EcosystemOf is the name that OSV gives to the packages of a type of package
// URL; empty for those of operating systems and for others that it does not
// know.
func EcosystemOf(purlType string) string {
	switch purlType {
	case "npm":
		return "npm"
	case "golang":
		return "Go"
	case "pypi":
		return "PyPI"
	case "maven":
		return "Maven"
	case "cargo":
		return "crates.io"
	case "nuget":
		return "NuGet"
	case "gem":
		return "RubyGems"
	case "composer":
		return "Packagist"
	}
	return furtherType(purlType)
}

func furtherType(purlType string) string {
	switch purlType {
	case "bitnami":
		return "Bitnami"
	case "hex":
		return "Hex"
	case "pub":
		return "Pub"
	case "hackage":
		return "Hackage"
	case "cran":
		return "CRAN"
	case "swift":
		return "SwiftURL"
	case "conan":
		return "ConanCenter"
	case "githubactions":
		return "GitHub Actions"
	case "julia":
		return "Julia"
	case "opam":
		return "opam"
	}
	return ""
}
