package eol

import (
	"slices"
	"strings"
)

// System is an operating system by os-release(5).
type System struct {
	ID, VersionID, Codename string
	Name                    string // PRETTY_NAME
}

// productOf is the name of the product behind an ID of os-release; empty for
// rolling releases, which have no end.
func productOf(s System) string {
	switch s.ID {
	case "alpine":
		return "alpine-linux"
	case "amzn":
		return "amazon-linux"
	case "centos":
		if strings.Contains(s.Name, "Stream") {
			return "centos-stream"
		}
	case "clear-linux-os":
		return "clear-linux"
	case "mx":
		return "mxlinux"
	case "ol":
		return "oracle-linux"
	case "opensuse-leap":
		return "opensuse"
	case "opensuse-tumbleweed":
		return ""
	case "pop":
		return "pop-os"
	case "raspbian":
		return "debian"
	case "rocky":
		return "rocky-linux"
	case "sl-micro", "sle-micro", "suse-microos":
		return "suse-linux-micro"
	case "sled", "sle_hpc", "sles_sap":
		return "sles"
	case "xenenterprise":
		return "xcp-ng"
	}
	return s.ID
}

// BySystem finds the product and the cycle of an operating system. A system that
// is known without the cycle, as a rolling or testing release, has a product
// only.
func (db *DB) BySystem(s System) (*Product, *Cycle, error) {
	name := productOf(s)
	if name == "" {
		return nil, nil, nil
	}
	p, err := db.Product(name)
	if err != nil || p == nil || p.Category != "os" {
		return nil, nil, err
	}
	version := s.VersionID
	if p.Name == "cos" {
		version = "cos-" + version
	}
	if version == "" {
		version = s.Codename
	}
	c, _ := p.Cycle(version)
	return p, c, nil
}

// nodeSystems are the beginnings of names that kubelets report, and the IDs of
// the systems.
var nodeSystems = []struct{ prefix, id string }{
	{"Ubuntu", "ubuntu"}, {"Debian", "debian"}, {"Amazon Linux", "amzn"}, {"Alpine Linux", "alpine"},
	{"CentOS", "centos"}, {"Rocky Linux", "rocky"}, {"AlmaLinux", "almalinux"}, {"Oracle Linux", "ol"},
	{"Red Hat Enterprise Linux CoreOS", ""}, {"Red Hat Enterprise Linux", "rhel"},
	{"Fedora", "fedora"}, {"openSUSE Leap", "opensuse-leap"}, {"SUSE Linux Enterprise Server", "sles"},
	{"SUSE Linux Enterprise Micro", "sle-micro"}, {"SUSE Linux Micro", "sle-micro"},
	{"VMware Photon", "photon"}, {"NixOS", "nixos"}, {"Raspbian", "raspbian"}, {"EuroLinux", "eurolinux"},
}

// SystemOf reads the name of an operating system as it shows itself, and as
// kubelets report it: "Debian GNU/Linux 12 (bookworm)".
func SystemOf(name string) (System, bool) {
	for _, s := range nodeSystems {
		rest, found := strings.CutPrefix(name, s.prefix)
		if !found {
			continue
		}
		words := strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" ()/", r) })
		at := slices.IndexFunc(words, func(w string) bool { return beginsWithDigit(strings.TrimPrefix(w, "v")) })
		if at < 0 || s.id == "" {
			return System{}, false
		}
		version := strings.TrimPrefix(words[at], "v")
		if pack := at + 1; s.id == "sles" && pack < len(words) && strings.HasPrefix(words[pack], "SP") {
			version += "." + strings.TrimPrefix(words[pack], "SP")
		}
		return System{ID: s.id, VersionID: version, Name: name}, true
	}
	return System{}, false
}
