package sbom

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/foilsec/foil/internal/artifact"
)

// shop is an image with everything that a bill has a place for.
func shop() *artifact.Artifact {
	deb := func(name, version string) artifact.Package {
		return artifact.Package{
			Name: name, Version: version, PURL: "pkg:deb/debian/" + name + "@" + version + "?arch=amd64", Ecosystem: "Debian:12", SourceName: name, SourceVersion: version,
			Architecture: "amd64", Locations: []string{"var/lib/dpkg/status"},
		}
	}
	npm := func(name, folder string) artifact.Package {
		return artifact.Package{Name: name, Version: "1.0.0", PURL: "pkg:npm/" + name + "@1.0.0", Ecosystem: "npm", Locations: []string{folder + "node_modules/" + name + "/package.json"}, Layer: 1}
	}
	a := &artifact.Artifact{
		Form: artifact.Container, Reference: "shop:1", Digest: "sha256:" + strings.Repeat("0a", 32), Created: time.Date(2026, 5, 1, 12, 0, 0, 7, time.FixedZone("", 3600)),
		OS:     artifact.OS{ID: "debian", VersionID: "12", Name: "Debian 12"},
		Layers: []artifact.Layer{{DiffID: "sha256:a"}, {Index: 1, DiffID: "sha256:b", Command: "COPY . /"}},
		Packages: []artifact.Package{
			npm("left", "app/"), deb("zlib", "1"), deb("bash", "2"), npm("left", "app/node_modules/right/"), npm("right", "app/"), npm("left", "app/"),
		},
		Programs: []artifact.Program{{Path: "shop", Symbols: artifact.NewSymbols([]uint64{1})}},
		Gaps:     []artifact.Gap{{Path: "x", Reason: "damaged"}},
	}
	a.Packages[2].Requires = []string{"zlib", "gone"}
	a.Packages[4].Requires = []string{"left"}
	a.Packages[0].Licenses = []string{"mit"}
	a.Packages[1].Licenses = []string{"Zlib", "GPL-2+", "Apache-2.0 OR MIT"}
	a.Packages[2].Licenses = []string{"GPL-2.0-only WITH Classpath-exception-2.0"}
	a.Packages[3].Licenses = []string{"GPL 2+", "LicenseRef-other", "许可"}
	return a
}

func written(t *testing.T, format Format, a *artifact.Artifact, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, a, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// schema compiles the official schema of a format.
func schema(t *testing.T, format Format) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	files, err := filepath.Glob("testdata/schema/*.json")
	if err != nil || len(files) != 4 {
		t.Fatalf("%d schemas, %v", len(files), err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		id, _ := document.(map[string]any)["$id"].(string)
		if err := c.AddResource(id, document); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	c.AssertFormat()
	return c.MustCompile(map[Format]string{CycloneDX: "http://cyclonedx.org/schema/bom-1.6.schema.json", SPDX: "http://spdx.org/rdf/terms/2.3"}[format])
}

func TestBillsAreValid(t *testing.T) {
	artifacts := map[string]*artifact.Artifact{
		"image": shop(), "empty": {Form: artifact.Folder, Reference: "."}, "file": {Form: artifact.File, Reference: "a.jar", Packages: []artifact.Package{{Name: "x", Layer: -1}}},
	}
	for _, format := range Formats() {
		valid := schema(t, format)
		for name, a := range artifacts {
			for _, o := range []Options{{}, {Version: "1.2.3", Now: time.Now(), Symbols: true}} {
				data := written(t, format, a, o)
				document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
				if err != nil {
					t.Fatal(err)
				}
				if err := valid.Validate(document); err != nil {
					t.Errorf("%s as %s: %v\n%s", name, format, err, data)
				}
			}
		}
	}
}

func TestTheSchemasRefuseWhatIsWrong(t *testing.T) {
	for format, text := range map[Format]string{
		CycloneDX: `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"nonsense","name":"x"}]}`,
		SPDX:      `{"spdxVersion":"SPDX-2.3","packages":[{"name":"x"}]}`,
	} {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if schema(t, format).Validate(document) == nil {
			t.Errorf("%s: the schema accepts %s", format, text)
		}
	}
}

func TestGolden(t *testing.T) {
	for format, path := range map[Format]string{CycloneDX: "testdata/shop.cdx.json", SPDX: "testdata/shop.spdx.json"} {
		got := written(t, format, shop(), Options{Version: "1.0"})
		if os.Getenv("REWRITE") != "" {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from what is written now; look at it, then run with REWRITE=1:\n%s", path, got)
		}
	}
}

func TestTheSameArtifactGivesTheSameBytes(t *testing.T) {
	for _, format := range Formats() {
		first := written(t, format, shop(), Options{Now: time.Unix(1, 0)})
		if second := written(t, format, shop(), Options{Now: time.Unix(2, 0)}); !bytes.Equal(first, second) {
			t.Errorf("%s: the time of writing shows", format)
		}
		other := shop()
		other.Packages[1].Version = "2"
		if bytes.Equal(identifier(t, first), identifier(t, written(t, format, other, Options{}))) {
			t.Errorf("%s: two contents share an identifier", format)
		}
	}
}

func identifier(t *testing.T, data []byte) []byte {
	t.Helper()
	var d struct {
		Serial    json.RawMessage `json:"serialNumber"`
		Namespace json.RawMessage `json:"documentNamespace"`
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	return append(d.Serial, d.Namespace...)
}

func TestAnUnknownFormat(t *testing.T) {
	err := Write(&bytes.Buffer{}, "swid", shop(), Options{})
	if want := `bill of materials of shop:1: unknown format "swid": want cyclonedx-json or spdx-json`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
