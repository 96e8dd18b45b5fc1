package osrelease

import (
	"strings"

	"github.com/foilsec/foil/internal/artifact"
)

// parseStandardBase reads the lsb-release of systems before os-release.
func parseStandardBase(text string) (artifact.OS, bool) {
	value := assignments(text)
	os := artifact.OS{
		ID: strings.ToLower(value["DISTRIB_ID"]), VersionID: value["DISTRIB_RELEASE"],
		Codename: strings.ToLower(value["DISTRIB_CODENAME"]), Name: value["DISTRIB_DESCRIPTION"],
	}
	return os, os.ID != ""
}

// parseIssue reads the greeting at a terminal: "Welcome to Alpine Linux 3.3",
// "Debian GNU/Linux 7 \n \l", "Ubuntu 10.04 LTS \n \l".
func parseIssue(text string) (artifact.OS, bool) {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	line, _, _ = strings.Cut(line, `\`)
	name := strings.TrimPrefix(strings.TrimSpace(line), "Welcome to ")
	os := artifact.OS{ID: idOf(name), Name: name, VersionID: firstVersion(name)}
	return os, os.ID != ""
}

// parseSentence reads "Red Hat Enterprise Linux Server release 7.4 (Maipo)".
func parseSentence(text string) (artifact.OS, bool) {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	name := strings.TrimSpace(line)
	os := artifact.OS{ID: idOf(name), Name: name, VersionID: firstVersion(name), Codename: codename(name)}
	return os, os.ID != ""
}

// versionOf reads a file that holds a version and nothing else.
func versionOf(id, name string) form {
	return func(text string) (artifact.OS, bool) {
		version := firstVersion(text)
		return artifact.OS{ID: id, Name: name + " " + version, VersionID: version}, version != ""
	}
}

// parseDebianVersion reads "12.5", or "trixie/sid" before a release. Systems
// that are made from Debian keep the file, so it is the last to be asked.
func parseDebianVersion(text string) (artifact.OS, bool) {
	word := strings.TrimSpace(text)
	if version := firstVersion(word); version != "" {
		major, _, _ := strings.Cut(version, ".")
		return artifact.OS{ID: "debian", VersionID: major, Name: "Debian GNU/Linux " + version}, true
	}
	name, _, testing := strings.Cut(word, "/")
	return artifact.OS{ID: "debian", Codename: name, Name: "Debian GNU/Linux " + word}, testing
}

// firstVersion is the first word that begins with a digit.
func firstVersion(text string) string {
	for word := range strings.FieldsSeq(text) {
		if '0' <= word[0] && word[0] <= '9' {
			return word
		}
	}
	return ""
}

// idOf is the ID that a system with a name has in os-release.
func idOf(name string) string {
	for _, known := range [...]struct{ begin, id string }{
		{"Red Hat Enterprise Linux", "rhel"}, {"CentOS", "centos"}, {"Oracle Linux", "ol"}, {"Rocky Linux", "rocky"},
		{"AlmaLinux", "almalinux"}, {"Fedora", "fedora"}, {"Amazon Linux", "amzn"}, {"Scientific Linux", "scientific"},
		{"Alpine Linux", "alpine"}, {"Debian", "debian"}, {"Ubuntu", "ubuntu"}, {"openSUSE Leap", "opensuse-leap"},
		{"openSUSE Tumbleweed", "opensuse-tumbleweed"}, {"SUSE Linux Enterprise Server", "sles"}, {"SLES", "sles"},
		{"VMware Photon", "photon"}, {"Photon", "photon"}, {"Wolfi", "wolfi"}, {"Chainguard", "chainguard"}, {"Arch Linux", "arch"},
	} {
		if strings.HasPrefix(name, known.begin) {
			return known.id
		}
	}
	return ""
}
