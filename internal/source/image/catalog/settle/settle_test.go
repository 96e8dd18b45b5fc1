package settle_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/settle"
)

func system(kind, name, version, arch, path string) artifact.Package {
	p := catalog.NewPackage(kind, name, version, path)
	p.PURL += "?arch=" + arch
	p.Ecosystem, p.Architecture = "", arch
	return p
}

func names(a *artifact.Artifact) []string {
	var out []string
	for _, p := range a.Packages {
		out = append(out, p.PURL)
	}
	return out
}

func TestSystems(t *testing.T) {
	for _, test := range []struct {
		os              artifact.OS
		kind            string
		purl, ecosystem string
	}{
		{artifact.OS{ID: "debian", VersionID: "12"}, "deb", "pkg:deb/debian/x@1?arch=amd64&distro=debian-12", "Debian:12"},
		{artifact.OS{ID: "debian", Codename: "trixie"}, "deb", "pkg:deb/debian/x@1?arch=amd64&distro=debian-trixie", "Debian"},
		{artifact.OS{ID: "ubuntu", VersionID: "22.04"}, "deb", "pkg:deb/ubuntu/x@1?arch=amd64&distro=ubuntu-22.04", "Ubuntu:22.04"},
		{artifact.OS{ID: "alpine", VersionID: "3.20.3"}, "apk", "pkg:apk/alpine/x@1?arch=amd64&distro=alpine-3.20.3", "Alpine:v3.20"},
		{artifact.OS{ID: "wolfi", VersionID: "20230201"}, "apk", "pkg:apk/wolfi/x@1?arch=amd64&distro=wolfi-20230201", "Wolfi"},
		{artifact.OS{ID: "almalinux", VersionID: "9.4"}, "rpm", "pkg:rpm/almalinux/x@1?arch=amd64&distro=almalinux-9.4", "AlmaLinux:9"},
		{artifact.OS{ID: "rhel", VersionID: "9.4"}, "rpm", "pkg:rpm/redhat/x@1?arch=amd64&distro=rhel-9.4", "Red Hat:enterprise_linux:9"},
		{artifact.OS{ID: "opensuse-leap", VersionID: "15.5"}, "rpm", "pkg:rpm/opensuse/x@1?arch=amd64&distro=opensuse-leap-15.5", "openSUSE:Leap 15.5"},
		{artifact.OS{}, "deb", "pkg:deb/x@1?arch=amd64", ""},
	} {
		a := artifact.Artifact{OS: test.os, Packages: []artifact.Package{system(test.kind, "x", "1", "amd64", "db")}}
		settle.Settle(&a, nil)
		if p := a.Packages[0]; p.PURL != test.purl || p.Ecosystem != test.ecosystem {
			t.Errorf("%+v: %s in %q, want %s in %q", test.os, p.PURL, p.Ecosystem, test.purl, test.ecosystem)
		}
		if unknown := len(a.Gaps) > 0; unknown != (test.os.ID == "") {
			t.Errorf("%+v: gaps %+v", test.os, a.Gaps)
		}
	}
}

func TestOwners(t *testing.T) {
	a := artifact.Artifact{
		OS: artifact.OS{ID: "debian", VersionID: "12"},
		Packages: []artifact.Package{
			system("deb", "python3-requests", "2.28.1", "all", "var/lib/dpkg/status"), system("deb", "libc6", "2.36", "amd64", "var/lib/dpkg/status"),
			catalog.NewPackage("pypi", "requests", "2.28.1", "usr/lib/python3/dist-packages/requests-2.28.1.egg-info/PKG-INFO"),
			catalog.NewPackage("pypi", "flask", "3.0.0", "usr/local/lib/python3.11/site-packages/flask-3.0.0.dist-info/METADATA"),
			catalog.NewPackage("maven", "a:b", "1", "usr/share/java/x.war!/WEB-INF/lib/b-1.jar"),
			catalog.NewPackage("generic", "openssl", "3.0.19", "usr/lib/libcrypto.so.3"),
		},
	}
	owned := []catalog.Ownership{
		{Type: "deb", Package: "python3-requests", Files: []string{"usr/lib/python3/dist-packages/requests-2.28.1.egg-info/PKG-INFO", "usr/share/java/x.war"}},
		{Type: "deb", Package: "libc6:amd64", Files: []string{"lib/libcrypto.so.3"}},
		{Type: "deb", Package: "removed", Files: []string{"usr/local/lib/python3.11/site-packages/flask-3.0.0.dist-info/METADATA"}},
	}
	settle.Settle(&a, owned)
	got := map[string]string{}
	for _, p := range a.Packages {
		got[p.Name] = p.Owner
	}
	const owner = "pkg:deb/debian/python3-requests@2.28.1?arch=all&distro=debian-12"
	want := map[string]string{"python3-requests": "", "libc6": "", "requests": owner, "flask": "", "a:b": owner}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v: a program that a package brought is that package", got, want)
	}
}

func TestTheSameTwice(t *testing.T) {
	a := artifact.Artifact{OS: artifact.OS{ID: "alpine", VersionID: "3.20"}, Packages: []artifact.Package{
		system("apk", "musl", "1.2.5-r0", "x86_64", "usr/lib/apk/db/installed"), system("apk", "musl", "1.2.5-r0", "x86_64", "lib/apk/db/installed"),
		catalog.NewPackage("npm", "a", "1.0.0", "x/node_modules/a/package.json"), catalog.NewPackage("npm", "a", "1.0.0", "y/node_modules/a/package.json"),
		catalog.NewPackage("npm", "a", "1.0.0", "y/node_modules/a/package.json"),
	}}
	settle.Settle(&a, nil)
	if len(a.Packages) != 3 || !slices.Equal(a.Packages[0].Locations, []string{"lib/apk/db/installed", "usr/lib/apk/db/installed"}) {
		t.Errorf("%+v", a.Packages)
	}
}

func TestLocked(t *testing.T) {
	packages := []artifact.Package{
		catalog.NewPackage("npm", "a", "1.0.0", "app/package-lock.json"), catalog.NewPackage("npm", "dev", "1.0.0", "app/package-lock.json"),
		catalog.NewPackage("npm", "a", "1.0.0", "app/node_modules/a/package.json"),
		catalog.NewPackage("npm", "other", "1.0.0", "other/package-lock.json"), catalog.NewPackage("pypi", "requests", "2.0", "app/poetry.lock"),
	}
	for form, want := range map[artifact.Form][]string{
		artifact.Container: {"pkg:pypi/requests@2.0", "pkg:npm/a@1.0.0", "pkg:npm/other@1.0.0"},
		artifact.Folder:    {"pkg:pypi/requests@2.0", "pkg:npm/a@1.0.0", "pkg:npm/dev@1.0.0", "pkg:npm/other@1.0.0"},
	} {
		a := artifact.Artifact{Form: form, Packages: slices.Clone(packages)}
		settle.Settle(&a, nil)
		if got := names(&a); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", form, got, want)
		}
	}
}

func TestTheOrderOfReadingDoesNotMatter(t *testing.T) {
	make := func() artifact.Artifact {
		return artifact.Artifact{
			OS: artifact.OS{ID: "debian", VersionID: "12"},
			Packages: []artifact.Package{
				system("deb", "b", "1", "amd64", "s"), system("deb", "a", "1", "amd64", "s"), system("deb", "a", "1", "i386", "s"),
				catalog.NewPackage("npm", "a", "2.0.0", "x/node_modules/a/package.json"), catalog.NewPackage("npm", "a", "1.0.0", "y/node_modules/a/package.json"),
				catalog.NewPackage("npm", "a", "1.0.0", "y/package-lock.json"), catalog.NewPackage("golang", "stdlib", "1.26", "bin/x"),
			},
			Secrets:  []artifact.Secret{{Path: "b"}, {Path: "a", Line: 2}, {Path: "a", Line: 1}},
			Programs: []artifact.Program{{Path: "b"}, {Path: "a"}},
			Gaps:     []artifact.Gap{{Path: "b", Reason: "x"}, {Path: "a", Reason: "x"}, {Path: "a", Reason: "x"}},
		}
	}
	want := make()
	settle.Settle(&want, nil)
	for range 50 {
		got := make()
		rand.Shuffle(len(got.Packages), func(i, j int) { got.Packages[i], got.Packages[j] = got.Packages[j], got.Packages[i] })
		rand.Shuffle(len(got.Secrets), func(i, j int) { got.Secrets[i], got.Secrets[j] = got.Secrets[j], got.Secrets[i] })
		rand.Shuffle(len(got.Gaps), func(i, j int) { got.Gaps[i], got.Gaps[j] = got.Gaps[j], got.Gaps[i] })
		settle.Settle(&got, nil)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\nwant\n%s", strings.Join(names(&got), "\n"), strings.Join(names(&want), "\n"))
		}
	}
	again := want
	settle.Settle(&again, nil)
	if !reflect.DeepEqual(again, want) {
		t.Error("settling twice changes something")
	}
}
