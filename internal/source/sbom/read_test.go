package sbom

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
)

// described is an artifact in lines, packages in the order of their names.
func described(name string, a *artifact.Artifact) string {
	var lines []string
	for _, p := range a.Packages {
		lines = append(lines, fmt.Sprintf(" %s %s | %s | src %s | layer %d | %s | %s | %s", p.Name, p.Version, p.Ecosystem,
			strings.TrimSpace(p.SourceName+" "+p.SourceVersion), p.Layer, strings.Join(p.Licenses, ", "), strings.Join(p.Locations, ", "), strings.Join(p.Requires, ", ")))
	}
	slices.Sort(lines)
	lines = append([]string{fmt.Sprintf("%s: %s %s %s %s %s", name, a.Reference, a.Digest, a.OS.ID, a.OS.VersionID, a.OS.Codename)}, lines...)
	for _, g := range a.Gaps {
		lines = append(lines, " gap "+g.Reason)
	}
	for _, d := range a.Documents {
		lines = append(lines, " document "+d.Kind)
	}
	return strings.Join(lines, "\n") + "\n"
}

// documents are the examples, in the forms in which other tools write them.
var documents = []string{"syft.cdx.json", "trivy.cdx.json", "old.cdx.xml", "syft.spdx.json", "trivy.spdx", "build.spdx3.json", "syft.json", "list.purls"}

func TestDocumentsOfOtherTools(t *testing.T) {
	var got strings.Builder
	for _, name := range documents {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if !Sniff(data[:min(len(data), SniffSize)]) {
			t.Errorf("%s is not recognised by its beginning", name)
		}
		a, err := Read(bytes.NewReader(data), name, Limits{})
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		got.WriteString(described(name, a))
	}
	want, err := os.ReadFile("testdata/expected.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

func TestAnOwnerIsTakenFromSyft(t *testing.T) {
	data, err := os.ReadFile("testdata/syft.json")
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, data).Packages[2].Owner; got != "pkg:deb/debian/python3-yaml@6.0-3%2Bb2?arch=amd64&distro=debian-12&upstream=pyyaml%406.0-3" {
		t.Errorf("owner %q", got)
	}
}

func TestOnePURL(t *testing.T) {
	a, err := ReadPURL("pkg:npm/lodash@4.17.20")
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Packages) != 1 || a.Form != artifact.Purls || a.Reference != "pkg:npm/lodash@4.17.20" || a.Packages[0].Ecosystem != "npm" {
		t.Errorf("got %+v", a)
	}
	_, err = ReadPURL("pkg:npm/")
	if want := "the bill of materials pkg:npm/: none of its 1 package URLs can be read, such as pkg:npm/"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestWhatIsNoBill(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "unknown form",
		"{}":                        "unknown form",
		"apiVersion: v1\nkind: Pod": "unknown form",
		`{"apiVersion":"v1"}`:       "unknown form",
		`{"bomFormat":"CycloneDX",`: "read it as CycloneDX",
		`{"spdxVersion":"SPDX-2.3","packages":1}`:           "read it as SPDX",
		`<bom xmlns="http://cyclonedx.org/schema/bom/1.4">`: "read it as CycloneDX in XML",
		"SPDXVersion: SPDX-2.3\n":                           "it holds no SPDX elements",
		"SPDXVersion: x\nPackageName: <text>":               "a <text> of the tag PackageName has no end",
		`{"bomFormat":"CycloneDX","components":` + strings.Repeat(`[{"components":`, 60) + "[]" + strings.Repeat("}]", 60) + "}": "nested more than 50 deep",
	} {
		_, err := Read(strings.NewReader(text), "x", Limits{})
		if err == nil || !strings.HasPrefix(err.Error(), "the bill of materials x: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: error %v, want %s", text, err, want)
		}
	}
}

func TestLimits(t *testing.T) {
	text := "pkg:npm/a@1\npkg:npm/b@1\n"
	if _, err := Read(strings.NewReader(text), "x", Limits{Bytes: 5}); err == nil || !strings.Contains(err.Error(), "more than 5 bytes") {
		t.Errorf("bytes: error %v", err)
	}
	if _, err := Read(strings.NewReader(text), "x", Limits{Packages: 1}); err == nil || !strings.Contains(err.Error(), "more than 1 packages") {
		t.Errorf("packages: error %v", err)
	}
}

func TestLateKeysAreFound(t *testing.T) {
	padding := `"padding":"` + strings.Repeat("x", SniffSize) + `",`
	for _, keys := range []string{`"bomFormat":"CycloneDX"`, `"spdxVersion":"SPDX-2.3"`, `"@graph":[]`, `"artifacts":[]`} {
		if _, err := Read(strings.NewReader("{"+padding+keys+"}"), "x", Limits{}); err != nil {
			t.Errorf("%s: %v", keys, err)
		}
	}
}

func TestPackagesWithoutAVersionAreAGap(t *testing.T) {
	a := read(t, []byte("pkg:npm/a\npkg:npm/b@1\npkg:npm/c\n"))
	if len(a.Packages) != 3 || len(a.Gaps) != 1 || a.Gaps[0].Reason != "2 packages have no version, so that nothing can be compared, such as a, c" {
		t.Errorf("%d packages, gaps %+v", len(a.Packages), a.Gaps)
	}
}

func TestABillWithoutPackagesIsAGap(t *testing.T) {
	a := read(t, []byte(`{"bomFormat":"CycloneDX"}`))
	if len(a.Gaps) != 1 || a.Gaps[0].Reason != "it lists no packages" {
		t.Errorf("gaps %+v", a.Gaps)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range documents {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		Sniff(data)
		a, err := Read(bytes.NewReader(data), "x", Limits{Packages: 1000})
		if err != nil {
			return
		}
		for _, p := range a.Packages {
			if p.PURL == "" && p.Ecosystem == "" || p.Layer < -1 || p.Layer >= max(len(a.Layers), 1) {
				t.Errorf("a package that nobody can use: %+v", p)
			}
		}
	})
}
