package bill

import (
	"reflect"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/artifact"
)

func TestAPackageComesBack(t *testing.T) {
	want := artifact.Package{
		Ecosystem: "Debian:12", SourceName: "glibc", SourceVersion: "2.36", Architecture: "amd64", Module: "a:b", Owner: "pkg:deb/x", Layer: 3,
		Essential: true, Stripped: true, Requires: []string{"b"},
	}
	got := artifact.Package{Layer: -1}
	for _, p := range OfPackage(&want, want.Requires) {
		if !SetPackage(&got, p.Name, p.Value) {
			t.Errorf("%s is not known", p.Name)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if len(OfPackage(&artifact.Package{Layer: -1}, nil)) != 0 {
		t.Error("properties of a package of which nothing is known")
	}
	for _, layer := range []string{"-2", "x", "99999999999999999999"} {
		if got := (artifact.Package{Layer: -1}); !SetPackage(&got, Prefix+"layer", layer) || got.Layer != -1 {
			t.Errorf("layer %s became %d", layer, got.Layer)
		}
	}
	if SetPackage(&got, "foil:colour", "red") {
		t.Error("an unknown name is known")
	}
}

func TestAnArtifactComesBack(t *testing.T) {
	want := artifact.Artifact{
		Digest: "sha256:a", ConfigID: "sha256:b", Platform: "linux/arm64", Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Base: artifact.Base{Reference: "x", Layers: 1},
		Layers: []artifact.Layer{{DiffID: "sha256:c"}, {Index: 1, Command: "RUN x"}}, Gaps: []artifact.Gap{{Path: "p", Reason: "r"}},
		OS: artifact.OS{ID: "debian", Codename: "bookworm", Path: "p", Like: []string{"a", "b"}},
	}
	list, err := OfArtifact(&want)
	if err != nil {
		t.Fatal(err)
	}
	var got artifact.Artifact
	for _, p := range list {
		if known, err := SetArtifact(&got, p.Name, p.Value); !known || err != nil {
			t.Errorf("%s: %t, %v", p.Name, known, err)
		}
	}
	for _, p := range OfSystem(&want.OS) {
		if !SetSystem(&got.OS, p.Name, p.Value) {
			t.Errorf("%s is not known", p.Name)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, bad := range []Property{{"foil:layer", "{"}, {"foil:created", "yesterday"}, {"foil:base", "[]"}, {"foil:gap", "1"}} {
		if _, err := SetArtifact(&got, bad.Name, bad.Value); err == nil {
			t.Errorf("%s = %s: no error", bad.Name, bad.Value)
		}
	}
}

func TestAProgramComesBack(t *testing.T) {
	want := artifact.Program{Path: "a", Layer: 2, Symbols: artifact.NewSymbols([]uint64{3, 5})}
	list, err := OfProgram(&want)
	if err != nil {
		t.Fatal(err)
	}
	got := artifact.Program{Path: "a", Layer: -1}
	for _, p := range list {
		if known, err := SetProgram(&got, p.Name, p.Value); !known || err != nil {
			t.Errorf("%s: %t, %v", p.Name, known, err)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if _, err := SetProgram(&got, "foil:symbols", "!"); err == nil {
		t.Error("damaged symbols: no error")
	}
}
