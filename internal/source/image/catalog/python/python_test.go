package python_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/python"
)

const metadata = `Metadata-Version: 2.1
Name: Flask_Login.Extra
Version: 0.6.3
Summary: text
License: MIT
Classifier: License :: OSI Approved :: MIT License
Requires-Dist: Flask >=1.0.4
Requires-Dist: Werkzeug[x] (>=1.0.1) ; python_version > "3"
Requires-Dist: pytest ; extra == "test"

Name: this is the description
`

func TestMetadata(t *testing.T) {
	found := catalogtest.Read(t, python.Reader(), catalogtest.File("usr/lib/python3/dist-packages/x.dist-info/METADATA", []byte(metadata)))
	if len(found.Packages) != 1 {
		t.Fatal("no package")
	}
	p := found.Packages[0]
	if p.Name != "Flask_Login.Extra" || p.PURL != "pkg:pypi/flask-login-extra@0.6.3" || !slices.Equal(p.Requires, []string{"Flask", "Werkzeug"}) || !slices.Equal(p.Licenses, []string{"MIT"}) {
		t.Errorf("%+v", p)
	}
}

func TestLicences(t *testing.T) {
	for head, want := range map[string][]string{
		"License-Expression: Apache-2.0 OR MIT\nLicense: text\n":                     {"Apache-2.0 OR MIT"},
		"License: UNKNOWN\nClassifier: License :: OSI Approved :: BSD License\n":     {"BSD License"},
		"License: " + strings.Repeat("long ", 40) + "\nClassifier: Other :: Thing\n": nil,
	} {
		found := catalogtest.Read(t, python.Reader(), catalogtest.File("x.egg-info", []byte("Name: a\nVersion: 1\n"+head)))
		if got := found.Packages[0].Licenses; !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}

func TestWhatIsWanted(t *testing.T) {
	for path, want := range map[string]catalog.Wish{
		"usr/lib/python3/dist-packages/a-1.dist-info/METADATA":           catalog.All,
		"usr/lib/python3/dist-packages/a-1.egg-info":                     catalog.All,
		"usr/lib/python3/dist-packages/a-1.egg-info/PKG-INFO":            catalog.All,
		"opt/a-1.egg/EGG-INFO/PKG-INFO":                                  catalog.All,
		"usr/lib/python3/dist-packages/a-1.dist-info/RECORD":             catalog.Nothing,
		"venv/lib/python3.11/site-packages/a/tests/b.dist-info/METADATA": catalog.Nothing,
		"home/tests/venv/lib/site-packages/b.dist-info/METADATA":         catalog.All,
		"METADATA": catalog.Nothing,
	} {
		name := catalog.NewName(path, 10, false)
		if got := python.Reader().Wants(&name); got != want {
			t.Errorf("%s: wish %d, want %d", path, got, want)
		}
	}
}

func TestWhatPipInstalled(t *testing.T) {
	out, err := exec.Command("pip", "inspect").Output()
	if err != nil {
		t.Skipf("pip does not run: %v", err)
	}
	var report struct {
		Installed []struct {
			Metadata struct{ Name, Version string } `json:"metadata"`
			Location string                         `json:"metadata_location"`
		} `json:"installed"`
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Skipf("pip says something else: %v", err)
	}
	for _, want := range report.Installed {
		path := filepath.Join(want.Location, "METADATA")
		content, err := os.ReadFile(path)
		if err != nil {
			continue // an egg
		}
		found := catalogtest.Read(t, python.Reader(), catalogtest.File(path[1:], content))
		if len(found.Packages) != 1 || found.Packages[0].Name != want.Metadata.Name || found.Packages[0].Version != want.Metadata.Version {
			t.Errorf("%s: %+v, want %+v", path, found.Packages, want)
		}
	}
}

func FuzzMetadata(f *testing.F) {
	f.Add([]byte(metadata))
	f.Add([]byte("Name:\nVersion: 1\nClassifier: License :: ::\nRequires-Dist:"))
	f.Fuzz(func(t *testing.T, content []byte) {
		found, _ := python.Reader().Read(t.Context(), catalogtest.File("x.dist-info/METADATA", content))
		for _, p := range found.Packages {
			if p.Name == "" || p.Version == "" {
				t.Fatalf("%+v", p)
			}
		}
	})
}
