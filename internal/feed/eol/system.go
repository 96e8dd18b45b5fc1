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

// systems are the products behind the IDs that are not called so.
var systems = map[string]string{
	"alpine":              "alpine-linux",
	"amzn":                "amazon-linux",
	"clear-linux-os":      "clear-linux",
	"mx":                  "mxlinux",
	"ol":                  "oracle-linux",
	"opensuse-leap":       "opensuse",
	"pop":                 "pop-os",
	"raspbian":            "debian",
	"rocky":               "rocky-linux",
	"sl-micro":            "suse-linux-micro",
	"sle-micro":           "suse-linux-micro",
	"sle_hpc":             "sles",
	"sled":                "sles",
	"sles_sap":            "sles",
	"suse-microos":        "suse-linux-micro",
	"xenenterprise":       "xcp-ng",
	"opensuse-tumbleweed": "", // rolling
}

// BySystem finds the product and the cycle of an operating system. A system that
// is known without the cycle, as a rolling or testing release, has a product
// only.
func (db *DB) BySystem(s System) (*Product, *Cycle, error) {
	name, known := systems[s.ID]
	if !known {
		name = s.ID
	}
	if s.ID == "centos" && strings.Contains(s.Name, "Stream") {
		name = "centos-stream"
	}
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
