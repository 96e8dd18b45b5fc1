package sbom

import (
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/purl"
)

// systemOf is the operating system that a package URL names: by its qualifier,
// "debian-12" or "bookworm" or "12", else by its name space alone.
func systemOf(u *purl.URL) artifact.OS {
	id := systemID(u.Namespace)
	distro := u.Qualifier("distro")
	if distro == "" {
		return artifact.OS{ID: id}
	}
	if known, version := byCodename(distro); known != "" {
		return artifact.OS{ID: known, VersionID: version, Codename: distro}
	}
	switch at := dashBeforeDigit(distro); {
	case at > 0:
		return artifact.OS{ID: systemID(distro[:at]), VersionID: distro[at+1:]}
	case distro[0] >= '0' && distro[0] <= '9':
		return artifact.OS{ID: id, VersionID: distro}
	}
	if name, codename, found := strings.Cut(distro, "-"); found {
		if known, version := byCodename(codename); known == systemID(name) && known != "" {
			return artifact.OS{ID: known, VersionID: version, Codename: codename}
		}
	}
	return artifact.OS{ID: systemID(distro)}
}

func dashBeforeDigit(text string) int {
	for i := range len(text) - 1 {
		if text[i] == '-' && '0' <= text[i+1] && text[i+1] <= '9' {
			return i
		}
	}
	return -1
}

// systemID is the id of os-release for the names that tools give to systems.
func systemID(name string) string {
	switch name = strings.ToLower(name); name {
	case "redhat":
		return "rhel"
	case "alma":
		return "almalinux"
	case "rockylinux", "rocky-linux":
		return "rocky"
	case "oracle", "oraclelinux":
		return "ol"
	case "amazon", "amazonlinux":
		return "amzn"
	case "suse":
		return "sles"
	case "leap":
		return "opensuse-leap"
	}
	return name
}

// byCodename is the release behind a code name of Debian or Ubuntu.
func byCodename(name string) (id, version string) {
	switch name {
	case "jessie":
		return "debian", "8"
	case "stretch":
		return "debian", "9"
	case "buster":
		return "debian", "10"
	case "bullseye":
		return "debian", "11"
	case "bookworm":
		return "debian", "12"
	case "trixie":
		return "debian", "13"
	case "forky":
		return "debian", "14"
	case "sid":
		return "debian", ""
	}
	return byUbuntuName(name)
}

func byUbuntuName(name string) (id, version string) {
	switch name {
	case "trusty":
		return "ubuntu", "14.04"
	case "xenial":
		return "ubuntu", "16.04"
	case "bionic":
		return "ubuntu", "18.04"
	case "focal":
		return "ubuntu", "20.04"
	case "jammy":
		return "ubuntu", "22.04"
	case "noble":
		return "ubuntu", "24.04"
	case "oracular":
		return "ubuntu", "24.10"
	case "plucky":
		return "ubuntu", "25.04"
	case "questing":
		return "ubuntu", "25.10"
	}
	return "", ""
}

// settleSystems gives packages of operating systems their ecosystem. A package
// URL that names no release is of the system that the document is about; a
// document that names no system is about the one that all its packages name.
func (c *collector) settleSystems() {
	a := c.artifact
	if a.OS.ID == "" && a.Form == artifact.Bill {
		a.OS = c.commonSystem()
	}
	for i := range a.Packages {
		p := &a.Packages[i]
		if !p.OfSystem() || p.Ecosystem != "" {
			continue
		}
		system := c.systems[i]
		if system.VersionID == "" && (system.ID == a.OS.ID || system.ID == "") {
			system = a.OS
		}
		p.Ecosystem = system.Ecosystem()
	}
}

func (c *collector) commonSystem() artifact.OS {
	var common artifact.OS
	for _, system := range c.systems {
		switch {
		case system.VersionID == "":
			continue
		case common.ID == "":
			common = artifact.OS{ID: system.ID, VersionID: system.VersionID, Codename: system.Codename}
		case common.ID != system.ID || common.VersionID != system.VersionID:
			return artifact.OS{}
		}
	}
	return common
}
