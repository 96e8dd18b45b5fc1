package sbom

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/image/sbom"
)

// kitchen is an image as a scan sees it: a Debian system, npm packages in
// several places, a Go program, and what could not be read.
func kitchen() *artifact.Artifact {
	return &artifact.Artifact{
		Form: artifact.Container, Reference: "shop/kitchen:1.4", Digest: "sha256:" + strings.Repeat("ab", 32), ConfigID: "sha256:bb", Platform: "linux/amd64",
		Created: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
		OS:      artifact.OS{ID: "debian", VersionID: "12", Codename: "bookworm", Name: "Debian GNU/Linux 12 (bookworm)", Like: []string{"x", "y"}, Path: "etc/os-release"},
		Layers: []artifact.Layer{
			{Index: 0, DiffID: "sha256:l0", ChainID: "sha256:c0", Command: "ADD <rootfs> & \"more\"", FromBase: true}, {Index: 1, DiffID: "sha256:l1", Digest: "sha256:d1", Size: 12},
		},
		Base: artifact.Base{Reference: "debian:12", Digest: "sha256:e", Layers: 1, Known: "layers"},
		Packages: []artifact.Package{
			{Name: "bash", Version: "5.2.15-2+b13", PURL: "pkg:deb/debian/bash@5.2.15-2%2Bb13?arch=amd64&distro=debian-12", Ecosystem: "Debian:12", SourceName: "bash", SourceVersion: "5.2.15-2",
				Architecture: "amd64", Essential: true, Requires: []string{"libc6", "not-here"}, Locations: []string{"var/lib/dpkg/status"}, Licenses: []string{"GPL-3.0-or-later"}},
			{Name: "libc6", Version: "2.36-9+deb12u10", PURL: "pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64&distro=debian-12", Ecosystem: "Debian:12", SourceName: "glibc", SourceVersion: "2.36-9+deb12u10",
				Architecture: "amd64", Locations: []string{"var/lib/dpkg/status"}, Licenses: []string{"LGPL-2.1-or-later", "GPL-2+ with a text of its own"}, Stripped: true},
			{Name: "node-lodash", Version: "1:4.17", PURL: "pkg:deb/debian/node-lodash@1:4.17?arch=all", Ecosystem: "Debian:12", SourceName: "node-lodash", SourceVersion: "1:4.17", Architecture: "all"},
			{Name: "lodash", Version: "4.17.20", PURL: "pkg:npm/lodash@4.17.20", Ecosystem: "npm", Locations: []string{"app/node_modules/lodash/package.json"}, Layer: 1, Licenses: []string{"MIT"}},
			{Name: "lodash", Version: "4.17.20", PURL: "pkg:npm/lodash@4.17.20", Ecosystem: "npm", Locations: []string{"app/node_modules/@x/y/node_modules/lodash/package.json"}, Layer: 1, Licenses: []string{"MIT OR Apache-2.0"}},
			{Name: "lodash", Version: "4.17.19", PURL: "pkg:npm/lodash@4.17.19", Ecosystem: "npm", Locations: []string{"usr/share/nodejs/lodash/package.json"}, Layer: 0, Owner: "pkg:deb/debian/node-lodash@1:4.17?arch=all"},
			{Name: "@x/y", Version: "1.0.0", PURL: "pkg:npm/%40x/y@1.0.0", Ecosystem: "npm", Locations: []string{"app/node_modules/@x/y/package.json"}, Layer: 1, Requires: []string{"lodash"}, Licenses: []string{"MIT AND ISC", "Custom: see x/y"}},
			{Name: "golang.org/x/net", Version: "0.6.0", PURL: "pkg:golang/golang.org/x/net@v0.6.0", Ecosystem: "Go", Locations: []string{"kitchen"}, Layer: 1},
			{Name: "main", Version: "", PURL: "pkg:golang/shop/kitchen", Ecosystem: "Go", Locations: []string{"kitchen"}, Layer: -1},
			{Name: "redis", Version: "7.2", Ecosystem: "Bitnami", Locations: []string{"opt/redis"}, Layer: 1},
			{Name: "php", Version: "8.1.2-1.module+el8", PURL: "pkg:rpm/redhat/php@8.1.2-1.module%2Bel8?epoch=1", Ecosystem: "Red Hat:enterprise_linux:8", SourceName: "php", Module: "php:8.1:1:2", Layer: 0},
		},
		Programs: []artifact.Program{{Path: "kitchen", Layer: 1, Symbols: artifact.NewSymbols([]uint64{artifact.SymbolHash("net/http", "Get"), artifact.SymbolHash("net/http", "")})}},
		Gaps:     []artifact.Gap{{Path: "var/lib/rpm", Reason: "damaged", Ecosystems: []string{"AlmaLinux:9"}}},
	}
}

func write(t *testing.T, format sbom.Format, a *artifact.Artifact) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sbom.Write(&b, format, a, sbom.Options{Version: "1.0", Symbols: true}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t *testing.T, data []byte) *artifact.Artifact {
	t.Helper()
	a, err := Read(bytes.NewReader(data), "bill.json", Limits{})
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return a
}

// sorted puts packages into an order that does not depend on how they came.
func sorted(list []artifact.Package) []artifact.Package {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b artifact.Package) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return list
}

func TestWhatIsWrittenComesBack(t *testing.T) {
	for _, format := range sbom.Formats() {
		t.Run(string(format), func(t *testing.T) {
			want := kitchen()
			got := read(t, write(t, format, want))
			gotPackages, wantPackages := sorted(got.Packages), sorted(want.Packages)
			for i := range wantPackages {
				if i < len(gotPackages) && !reflect.DeepEqual(gotPackages[i], wantPackages[i]) {
					t.Errorf("got  %+v\nwant %+v", gotPackages[i], wantPackages[i])
				}
			}
			if len(gotPackages) != len(wantPackages) {
				t.Errorf("%d packages, want %d", len(gotPackages), len(wantPackages))
			}
			want.Form, want.Packages, got.Packages = artifact.Bill, nil, nil
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestAFolderKeepsTheNameOfTheBill(t *testing.T) {
	for _, format := range sbom.Formats() {
		a := &artifact.Artifact{Form: artifact.Folder, Reference: "."}
		if got := read(t, write(t, format, a)); got.Reference != "bill.json" {
			t.Errorf("%s: reference %q", format, got.Reference)
		}
	}
}

func TestABillOfABillSaysTheSame(t *testing.T) {
	want := read(t, write(t, sbom.CycloneDX, kitchen()))
	got := read(t, write(t, sbom.CycloneDX, read(t, write(t, sbom.SPDX, want))))
	want.Packages, got.Packages = sorted(want.Packages), sorted(got.Packages)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
