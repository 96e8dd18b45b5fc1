package osrelease_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/osrelease"
)

const samples = "../../../../../../shared/data/image/packages/os-release"

func read(t *testing.T, path, content string) artifact.OS {
	t.Helper()
	found := catalogtest.Read(t, osrelease.Reader(), catalogtest.File(path, []byte(content)))
	if found.OS == nil {
		return artifact.OS{}
	}
	return *found.OS
}

func TestSampleArchives(t *testing.T) {
	archives, _ := filepath.Glob(samples + "/*.txtar")
	if len(archives) == 0 {
		t.Skip("the samples of release files are not beside the repository")
	}
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		if err := json.Unmarshal(archive.Files[1].Data, &want); err != nil {
			t.Fatal(err)
		}
		got := read(t, "etc/os-release", string(archive.Files[0].Data))
		if got.ID != want["ID"] || got.VersionID != want["VERSION_ID"] || got.Name != want["PRETTY_NAME"] ||
			want["VERSION_CODENAME"] != "" && got.Codename != want["VERSION_CODENAME"] || strings.Join(got.Like, " ") != want["ID_LIKE"] {
			t.Errorf("%s: %+v, want %v", filepath.Base(path), got, want)
		}
	}
}

// TestSampleFiles holds that every release file names the system and the
// version that the folder it was taken from is called by.
func TestSampleFiles(t *testing.T) {
	files, _ := filepath.Glob(samples + "/*/*/*")
	deeper, _ := filepath.Glob(samples + "/*/*/*/*")
	if len(files) == 0 {
		t.Skip("the samples of release files are not beside the repository")
	}
	for _, path := range append(files, deeper...) {
		content, err := os.ReadFile(path)
		if err != nil {
			continue // a folder
		}
		release := filepath.Base(filepath.Dir(path))
		got := read(t, "etc/"+filepath.Base(path), string(content))
		switch {
		case got.ID == "":
			t.Errorf("%s names no system", path)
		case release == "edge" || release == "hummingbird" || strings.Contains(path, "oracle"):
			continue // their folders are named otherwise
		case !strings.Contains(got.VersionID, strings.TrimPrefix(release, "atomichost-")):
			t.Errorf("%s: version %q", path, got.VersionID)
		}
	}
}

func TestForms(t *testing.T) {
	for _, test := range []struct{ path, content, id, version, codename string }{
		{"etc/os-release", "ID='debian'\nVERSION_ID=\"12\"\nVERSION=\"12 (bookworm)\"\n", "debian", "12", "bookworm"},
		{"usr/lib/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux trixie/sid\"\nVERSION_CODENAME=trixie\n", "debian", "", "trixie"},
		{"etc/os-release", "ID=a\\ b # remark\n#ID=c\nVERSION_ID=\"1\\\"2\"\n", "a b", `1"2`, ""},
		{"etc/os-release", "NAME=\"Rocky Linux\"\nVERSION_ID=9.3\n", "rocky", "9.3", ""},
		{"etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_CODENAME=lucid\n", "ubuntu", "10.04", "lucid"},
		{"etc/issue", "Debian GNU/Linux 7 \\n \\l\n", "debian", "7", ""},
		{"etc/issue", "Welcome to Alpine Linux 3.3\nKernel \\r on an \\m (\\l)\n", "alpine", "3.3", ""},
		{"etc/alpine-release", "3.20.3\n", "alpine", "3.20.3", ""},
		{"etc/debian_version", "12.5\n", "debian", "12", ""},
		{"etc/debian_version", "trixie/sid\n", "debian", "", "trixie"},
		{"etc/redhat-release", "CentOS Linux release 7.9.2009 (Core)\n", "centos", "7.9.2009", "core"},
		{"etc/issue", "\\S\nKernel \\r\n", "", "", ""},
		{"etc/os-release", "no release file\n", "", "", ""},
	} {
		got := read(t, test.path, test.content)
		if got.ID != test.id || got.VersionID != test.version || got.Codename != test.codename {
			t.Errorf("%s %q: %+v", test.path, test.content, got)
		}
	}
}

func TestOnlyTheRootSystemCounts(t *testing.T) {
	for _, path := range []string{"srv/chroot/etc/os-release", "os-release", "etc/os-release.d/x"} {
		name := catalog.NewName(path, 10, false)
		if osrelease.Reader().Wants(&name) != catalog.Nothing {
			t.Errorf("%s is wanted", path)
		}
	}
}

func FuzzRelease(f *testing.F) {
	f.Add("ID=\"a\\")
	f.Add("Red Hat Enterprise Linux Server release 7.4 (Maipo)")
	f.Fuzz(func(t *testing.T, content string) {
		for _, path := range []string{"etc/os-release", "etc/lsb-release", "etc/issue", "etc/redhat-release", "etc/debian_version", "etc/alpine-release"} {
			found, err := osrelease.Reader().Read(t.Context(), catalogtest.File(path, []byte(content)))
			if err == nil && found.OS != nil && found.OS.ID == "" {
				t.Fatalf("%s: a system without a name", path)
			}
		}
	})
}
