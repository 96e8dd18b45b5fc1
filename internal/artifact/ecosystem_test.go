package artifact

import "testing"

func TestEcosystemOfASystem(t *testing.T) {
	for _, test := range []struct{ id, version, want string }{
		{"debian", "12", "Debian:12"}, {"debian", "12.11", "Debian:12"}, {"debian", "", "Debian"},
		{"ubuntu", "22.04", "Ubuntu:22.04"}, {"alpine", "3.20.3", "Alpine:v3.20"}, {"alpine", "3.20", "Alpine:v3.20"},
		{"alpine", "3.23.0_alpha20250612", "Alpine:edge"}, {"alpine", "edge", "Alpine:edge"}, {"alpine", "", "Alpine"},
		{"almalinux", "9.4", "AlmaLinux:9"}, {"rocky", "9.3", "Rocky Linux:9"}, {"rhel", "9.4", "Red Hat:enterprise_linux:9"}, {"rhel", "", "Red Hat:enterprise_linux"},
		{"opensuse-leap", "15.5", "openSUSE:Leap 15.5"}, {"opensuse-tumbleweed", "20250101", "openSUSE:Tumbleweed"},
		{"sles", "15.5", "SUSE:Linux Enterprise Server 15 SP5"}, {"sles", "15", "SUSE:Linux Enterprise Server 15"},
		{"wolfi", "20230201", "Wolfi"}, {"chainguard", "20230214", "Chainguard"}, {"minimos", "1", "MinimOS"},
		{"ol", "9.3", "Oracle Linux:9.3"}, {"photon", "5.0", "Photon OS:5.0"}, {"azurelinux", "3.0", "Azure Linux:3.0"},
		{"gentoo", "2.14", ""}, {"", "", ""},
	} {
		if got := (&OS{ID: test.id, VersionID: test.version}).Ecosystem(); got != test.want {
			t.Errorf("%s %s: %q, want %q", test.id, test.version, got, test.want)
		}
	}
}

func TestEcosystemOfAType(t *testing.T) {
	for purlType, want := range map[string]string{
		"npm": "npm", "golang": "Go", "pypi": "PyPI", "cargo": "crates.io", "gem": "RubyGems", "composer": "Packagist", "githubactions": "GitHub Actions", "deb": "", "": "",
	} {
		if got := EcosystemOf(purlType); got != want {
			t.Errorf("%s: %q, want %q", purlType, got, want)
		}
	}
}
