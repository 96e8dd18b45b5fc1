package sbom

import (
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
)

func TestEmbed(t *testing.T) {
	bitnami := `{"spdxVersion":"SPDX-2.3","packages":[
		{"SPDXID":"a","name":"postgresql","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:bitnami/postgresql@15.2.0-1?arch=amd64"}]},
		{"SPDXID":"b","name":"bash","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:deb/debian/bash@5"}]},
		{"SPDXID":"c","name":"left","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:npm/left@1"}]}]}`
	a := &artifact.Artifact{
		Layers: make([]artifact.Layer, 3), Packages: []artifact.Package{{Name: "left", Version: "1", PURL: "pkg:npm/left@1", Ecosystem: "npm"}},
		Documents: []artifact.Document{
			{Path: "opt/bitnami/postgresql/.spdx-postgresql.spdx", Layer: 2, Content: []byte(bitnami)}, {Path: "again", Content: []byte(bitnami)},
			{Path: "vex.json", Content: []byte(`{"@context":"https://openvex.dev/ns"}`)}, {Path: "broken", Content: []byte(`{"bomFormat":`)},
		},
	}
	Embed(a)
	if len(a.Packages) != 2 {
		t.Fatalf("packages %+v", a.Packages)
	}
	if p := a.Packages[1]; p.Name != "postgresql" || p.Version != "15.2.0-1" || p.Ecosystem != "Bitnami" || p.Layer != 2 || p.Locations[0] != "opt/bitnami/postgresql/.spdx-postgresql.spdx" {
		t.Errorf("got %+v", p)
	}
	if len(a.Gaps) != 1 || a.Gaps[0].Path != "broken" || !strings.Contains(a.Gaps[0].Reason, "read it as CycloneDX") {
		t.Errorf("gaps %+v", a.Gaps)
	}
}

func FuzzEmbed(f *testing.F) {
	f.Add([]byte("pkg:npm/a@1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a := &artifact.Artifact{Documents: []artifact.Document{{Path: "x", Content: data}}}
		Embed(a)
		for _, p := range a.Packages {
			if p.OfSystem() || len(p.Locations) != 1 {
				t.Errorf("a package from elsewhere: %+v", p)
			}
		}
	})
}
