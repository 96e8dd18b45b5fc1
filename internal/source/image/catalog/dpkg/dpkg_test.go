package dpkg_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/dpkg"
)

func database() catalog.Reader { return dpkg.Readers()[0] }
func lists() catalog.Reader    { return dpkg.Readers()[1] }

const status = `Package: bash
Essential: yes
Status: install ok installed
Priority: required
Architecture: amd64
Source: bash (5.2.15-2)
Version: 5.2.15-2+b13
Depends: base-files (>= 2.1.12), debianutils (>= 5.6-0.1)
Pre-Depends: libc6 (>= 2.36), libtinfo6 (>= 6)
Description: GNU Bourne Again SHell
 Package: not-a-field
 .

Package: libc6
Status: hold ok installed
Architecture: amd64
Multi-Arch: same
Source: glibc
Version: 2.36-9+deb12u10
Provides: libc6-2.36 (= 2)

Package: removed
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0

Package: mailer
Status: install ok triggers-pending
Architecture: all
Version: 1:2-3
Depends: libc6-2.36, absent | libc6:any, mailer
`

func TestStatus(t *testing.T) {
	found := catalogtest.Read(t, database(), catalogtest.File("var/lib/dpkg/status", []byte(status)))
	byName := map[string]artifact.Package{}
	for _, p := range found.Packages {
		byName[p.Name] = p
	}
	if len(found.Packages) != 3 {
		t.Fatalf("%d packages, want bash, libc6 (held) and mailer: %+v", len(found.Packages), found.Packages)
	}
	bash := byName["bash"]
	if bash.SourceName != "bash" || bash.SourceVersion != "5.2.15-2" || !bash.Essential || bash.PURL != "pkg:deb/bash@5.2.15-2%2Bb13?arch=amd64" || !slices.Equal(bash.Requires, []string{"libc6"}) {
		t.Errorf("bash: %+v", bash)
	}
	if libc := byName["libc6"]; libc.SourceName != "glibc" || libc.SourceVersion != libc.Version {
		t.Errorf("libc6: %+v", libc)
	}
	if mailer := byName["mailer"]; mailer.SourceName != "mailer" || !slices.Equal(mailer.Requires, []string{"libc6"}) {
		t.Errorf("mailer: %+v", mailer)
	}
}

func TestOneFileAPackage(t *testing.T) {
	content := "Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\nDepends: debconf (>= 0.5) | debconf-2.0\n"
	found := catalogtest.Read(t, database(), catalogtest.File("var/lib/dpkg/status.d/tzdata", []byte(content)))
	if len(found.Packages) != 1 || found.Packages[0].SourceVersion != "2024a-0+deb12u1" || !slices.Equal(found.Packages[0].Requires, []string{"debconf", "debconf-2.0"}) {
		t.Errorf("%+v", found.Packages)
	}
	sums := "e0b7fbd6f7e9d3d3f9a1a2c8b1b0d0c1  usr/share/zoneinfo/UTC\n"
	owned := catalogtest.Read(t, lists(), catalogtest.File("var/lib/dpkg/status.d/tzdata.md5sums", []byte(sums))).Owned
	if len(owned) != 1 || owned[0].Package != "tzdata" || !slices.Equal(owned[0].Files, []string{"usr/share/zoneinfo/UTC"}) {
		t.Errorf("%+v", owned)
	}
}

func TestOpkg(t *testing.T) {
	content := "Package: busybox\nVersion: 1.36.1-1\nStatus: install user installed\nArchitecture: x86_64\n"
	found := catalogtest.Read(t, database(), catalogtest.File("usr/lib/opkg/status", []byte(content)))
	if len(found.Packages) != 1 || found.Packages[0].Type() != "opkg" {
		t.Errorf("%+v", found.Packages)
	}
}

func TestWhatIsNotWanted(t *testing.T) {
	for _, path := range []string{"var/lib/dpkg/status-old", "var/lib/dpkg/status.d/x.md5sums", "status", "usr/share/status", "var/lib/dpkg/status.d/deep/x"} {
		name := catalog.NewName(path, 10, false)
		if database().Wants(&name) != catalog.Nothing {
			t.Errorf("%s is wanted", path)
		}
	}
}

func TestFilesOfAPackage(t *testing.T) {
	content := "/.\n/usr\n/usr/bin\n/usr/bin/x\n/usr/share\n/usr/share/doc\n/usr/share/doc/x\n/usr/share/doc/x/copyright\n"
	owned := catalogtest.Read(t, lists(), catalogtest.File("var/lib/dpkg/info/x:amd64.list", []byte(content))).Owned
	if len(owned) != 1 || owned[0].Package != "x:amd64" || !slices.Equal(owned[0].Files, []string{"usr/bin/x", "usr/share/doc/x/copyright"}) {
		t.Errorf("%+v", owned)
	}
}

func TestThisMachine(t *testing.T) {
	found := catalogtest.Read(t, database(), catalogtest.File("var/lib/dpkg/status", catalogtest.Disk(t, "/var/lib/dpkg/status")))
	out, err := exec.Command("dpkg-query", "-W", "-f", "${db:Status-Status} ${Package} ${Version} ${source:Package} ${source:Version}\n").Output()
	if err != nil {
		t.Skipf("dpkg-query does not run: %v", err)
	}
	var want, got []string
	for line := range strings.Lines(string(out)) {
		if rest, installed := strings.CutPrefix(strings.TrimSpace(line), "installed "); installed {
			want = append(want, rest)
		}
	}
	for _, p := range found.Packages {
		got = append(got, strings.Join([]string{p.Name, p.Version, p.SourceName, p.SourceVersion}, " "))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("%d packages, dpkg-query says %d", len(got), len(want))
	}
}

func TestSamples(t *testing.T) {
	samples, _ := filepath.Glob("../../../../../../shared/data/image/packages/dpkg/*.status")
	if len(samples) == 0 {
		t.Skip("the samples of dpkg databases are not beside the repository")
	}
	for _, sample := range samples {
		content, err := os.ReadFile(sample)
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for stanza := range strings.SplitSeq(string(content), "\n\n") { // features of vcpkg have no version of their own
			if strings.Contains(stanza, " ok installed") && strings.Contains(stanza, "\nVersion: ") {
				want++
			}
		}
		found := catalogtest.Read(t, database(), catalogtest.File("var/lib/dpkg/status", content))
		if len(found.Packages) != want || want == 0 {
			t.Errorf("%s: %d packages, want %d", filepath.Base(sample), len(found.Packages), want)
		}
		for _, p := range found.Packages {
			if p.Name == "" || p.Version == "" || p.SourceName == "" || strings.ContainsAny(p.SourceName+p.SourceVersion, " ()") {
				t.Errorf("%s: %+v", filepath.Base(sample), p)
			}
		}
	}
}

func TestAnEndlessFieldIsCut(t *testing.T) {
	content := "Package: a\nVersion: 1\nStatus: install ok installed\nDescription: " + strings.Repeat("x", 8<<20) + "\n\nPackage: b\nVersion: 2\nStatus: install ok installed\n"
	found := catalogtest.Read(t, database(), catalogtest.File("var/lib/dpkg/status", []byte(content)))
	if len(found.Packages) != 2 {
		t.Errorf("%d packages, want 2", len(found.Packages))
	}
}

func FuzzStatus(f *testing.F) {
	f.Add([]byte(status))
	f.Add([]byte("Package:\nSource: ("))
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, path := range []string{"var/lib/dpkg/status", "var/lib/dpkg/status.d/x"} {
			found, _ := database().Read(t.Context(), catalogtest.File(path, content))
			for _, p := range found.Packages {
				if p.Name == "" || p.Version == "" || p.SourceName == "" {
					t.Fatalf("%+v", p)
				}
			}
		}
		_, _ = lists().Read(t.Context(), catalogtest.File("var/lib/dpkg/info/x.list", content))
	})
}

func TestStripped(t *testing.T) {
	content := "Package: tzdata\nVersion: 2024a-0+deb12u1\nFoil-Stripped: yes\n"
	found := catalogtest.Read(t, database(), catalogtest.File("var/lib/dpkg/status.d/tzdata", []byte(content)))
	if len(found.Packages) != 1 || !found.Packages[0].Stripped {
		t.Errorf("%+v", found.Packages)
	}
}
