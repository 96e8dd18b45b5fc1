package artifact

import (
	"reflect"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/graph"
)

func sample() *Artifact {
	return &Artifact{
		Form: Container, Reference: "shop/kitchen:1.4", Digest: "sha256:aa", ConfigID: "sha256:bb", Platform: "linux/amd64",
		Created: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
		OS:      OS{ID: "debian", VersionID: "12", Like: []string{"x"}},
		Config:  Config{User: "10001", Entrypoint: []string{"/kitchen"}, Labels: map[string]string{"a.b/c": "d"}},
		Layers:  []Layer{{Index: 0, DiffID: "sha256:l0", Command: "ADD rootfs", FromBase: true}, {Index: 1, DiffID: "sha256:l1", Size: 12}},
		Base:    Base{Reference: "debian:12", Layers: 1, Known: "layers"},
		Packages: []Package{
			{Name: "bash", Version: "5.2.15-2+b13", PURL: "pkg:deb/debian/bash@5.2.15-2%2Bb13?arch=amd64", Ecosystem: "Debian:12", SourceName: "bash", SourceVersion: "5.2.15-2", Architecture: "amd64", Essential: true, Requires: []string{"libc6"}, Locations: []string{"var/lib/dpkg/status"}},
			{Name: "lodash", Version: "4.17.20", PURL: "pkg:npm/lodash@4.17.20", Ecosystem: "npm", Locations: []string{"app/node_modules/lodash/package.json"}, Layer: 1, Licenses: []string{"MIT"}},
			{Name: "lodash", Version: "4.17.21", PURL: "pkg:npm/lodash@4.17.21", Ecosystem: "npm", Locations: []string{"app/node_modules/lodash/package.json"}, Layer: 1, Owner: "pkg:deb/debian/node-lodash@1", Stripped: true},
		},
		Programs: []Program{{Path: "kitchen", Layer: 1, Symbols: NewSymbols([]uint64{SymbolHash("net/http", "Get"), SymbolHash("net/http", "")})}},
		Secrets:  []Secret{{Rule: "private-key", Title: "RSA private key", Path: "root/.ssh/id_rsa", Layer: 1, Deleted: true}},
		Gaps:     []Gap{{Path: "var/lib/rpm", Reason: "damaged", Ecosystems: []string{"AlmaLinux:9"}}},
	}
}

func TestAnArtifactComesBackFromTheGraph(t *testing.T) {
	want := sample()
	var b graph.Builder
	if err := Add(&b, want, graph.Provenance{Source: "image", Origin: want.Reference}); err != nil {
		t.Fatal(err)
	}
	s := b.Snapshot()
	count := 0
	for got, err := range Load(s) {
		if err != nil {
			t.Fatal(err)
		}
		count++
		if !reflect.DeepEqual(&got.Artifact, want) {
			t.Errorf("got  %+v\nwant %+v", got.Artifact, *want)
		}
		if len(got.PackageNodes) != 3 || got.PackageNodes[1] == got.PackageNodes[2] {
			t.Errorf("package nodes %q: want three different ones", got.PackageNodes)
		}
	}
	if count != 1 {
		t.Errorf("%d artifacts, want 1", count)
	}
	if gaps := s.Gaps(); len(gaps) != 1 || gaps[0].Subject != "shop/kitchen:1.4: var/lib/rpm" {
		t.Errorf("gaps %+v", gaps)
	}
}

func TestAnotherVersionInTheSamePlaceIsTheSameNode(t *testing.T) {
	a, b := Package{Name: "x", Version: "1", PURL: "pkg:npm/x@1", Locations: []string{"p"}}, Package{Name: "x", Version: "2", PURL: "pkg:npm/x@2", Locations: []string{"p"}}
	if a.key() != b.key() {
		t.Errorf("%q and %q differ", a.key(), b.key())
	}
	b.Locations = []string{"q"}
	if a.key() == b.key() {
		t.Errorf("two places share the key %q", a.key())
	}
}

func TestSymbols(t *testing.T) {
	s := NewSymbols([]uint64{SymbolHash("a/b", "Decoder.Decode"), SymbolHash("a/b", "")})
	if !s.Has("a/b", "Decoder.Decode") || s.Has("a/b", "Decode") || !s.HasPackage("a/b") || s.HasPackage("a") {
		t.Error("the set does not hold what was put in")
	}
	for _, damaged := range []string{"!", "AAAA", "/////////////wAAAAAAAAAA"} {
		if err := new(Symbols).UnmarshalText([]byte(damaged)); err == nil {
			t.Errorf("%q: no error", damaged)
		}
	}
}
