package npm_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/npm"
)

func TestPackages(t *testing.T) {
	for _, test := range []struct{ path, content, purl string }{
		{"app/node_modules/lodash/package.json", `{"name":"lodash","version":"4.17.20","license":"MIT"}`, "pkg:npm/lodash@4.17.20"},
		{"app/node_modules/@babel/core/package.json", `{"name":"@babel/core","version":"7.0.0"}`, "pkg:npm/%40babel/core@7.0.0"},
		{"app/node_modules/test/package.json", `{"name":"test","version":"1.0.0"}`, "pkg:npm/test@1.0.0"},
		{"usr/local/lib/node_modules/npm/package.json", `{"name":"npm","version":"10.1.0","private":true}`, "pkg:npm/npm@10.1.0"},
		{"app/package.json", `{"name":"shop","version":"1.2.3"}`, "pkg:npm/shop@1.2.3"},
		{"app/package.json", `{"name":"shop","version":"1.2.3","private":true}`, ""},
		{"app/package.json", `{"name":"{{name}}","version":"1.2.3"}`, ""},
		{"app/package.json", `{{template}}`, ""},
		{"app/node_modules/x/dist/esm/package.json", `{"type":"module"}`, ""},
		{"app/node_modules/x/dist/esm/package.json", `{"name":"x"}`, ""},
		{"app/node_modules/x/dist/package.json", `{"name":"dist","version":"1.0.0","private":true}`, ""},
		{"app/node_modules/x/vendor/y/package.json", `{"name":"y","version":"1.0.0"}`, "pkg:npm/y@1.0.0"},
		{"app/node_modules/x/package.json", `{"name":"x","version":"workspace"}`, ""},
		{"app/node_modules/x/package.json", `{"name":5,"version":"1"}`, "error"},
		{"app/node_modules/x/package.json", `[`, "error"},
	} {
		f := catalogtest.File(test.path, []byte(test.content))
		found, err := npm.Reader().Read(t.Context(), f)
		got := ""
		if err != nil {
			got = "error"
		} else if len(found.Packages) > 0 {
			got = found.Packages[0].PURL
		}
		if got != test.purl {
			t.Errorf("%s %s: %q, want %q", test.path, test.content, got, test.purl)
		}
	}
}

func TestFixturesAreNotWanted(t *testing.T) {
	for path, want := range map[string]catalog.Wish{
		"app/node_modules/resolve/test/resolver/x/package.json": catalog.Nothing,
		"app/node_modules/@a/b/fixtures/package.json":           catalog.Nothing,
		"app/node_modules/@a/test/package.json":                 catalog.All,
		"app/node_modules/test/package.json":                    catalog.All,
		"app/test/fixtures/package.json":                        catalog.Nothing,
		"app/node_modules/x/package-lock.json":                  catalog.Nothing,
	} {
		name := catalog.NewName(path, 10, false)
		if got := npm.Reader().Wants(&name); got != want {
			t.Errorf("%s: wish %d, want %d", path, got, want)
		}
	}
}

func TestLicencesAndNeeds(t *testing.T) {
	for content, want := range map[string][]string{
		`{"name":"a","version":"1","license":"MIT"}`:                                  {"MIT"},
		`{"name":"a","version":"1","license":{"type":"BSD","url":"x"}}`:               {"BSD"},
		`{"name":"a","version":"1","licenses":[{"type":"MIT"},{"type":"Apache2"}]}`:   {"MIT", "Apache2"},
		`{"name":"a","version":"1","license":["MIT",["x"]],"dependencies":{"b":"1"}}`: {"MIT"},
		`{"name":"a","version":"1","license":7}`:                                      nil,
	} {
		found := catalogtest.Read(t, npm.Reader(), catalogtest.File("node_modules/a/package.json", []byte(content)))
		if got := found.Packages[0].Licenses; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", content, got, want)
		}
	}
	found := catalogtest.Read(t, npm.Reader(), catalogtest.File("node_modules/a/package.json", []byte(`{"name":"a","version":"1","dependencies":{"c":"1","b":"*"}}`)))
	if got := found.Packages[0].Requires; !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("needs %q", got)
	}
}

// TestWhatNpmInstalled reads the packages of npm itself, and compares with what
// it says it has.
func TestWhatNpmInstalled(t *testing.T) {
	out, err := exec.Command("npm", "root", "-g").Output()
	if err != nil {
		t.Skipf("npm does not run: %v", err)
	}
	root := filepath.Join(string(out[:len(out)-1]), "npm", "node_modules")
	folders, _ := filepath.Glob(root + "/*/package.json")
	scoped, _ := filepath.Glob(root + "/@*/*/package.json")
	if len(folders) == 0 {
		t.Skipf("npm has no packages in %s", root)
	}
	for _, path := range append(folders, scoped...) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found := catalogtest.Read(t, npm.Reader(), catalogtest.File(path[1:], content))
		want, _ := filepath.Rel(root, filepath.Dir(path))
		if len(found.Packages) != 1 || found.Packages[0].Name != want {
			t.Errorf("%s: %+v", path, found.Packages)
		}
	}
}

func FuzzPackage(f *testing.F) {
	f.Add([]byte(`{"name":"@a/b","version":"1","license":[[[]]],"dependencies":{"":1}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		found, _ := npm.Reader().Read(t.Context(), catalogtest.File("node_modules/x/package.json", content))
		for _, p := range found.Packages {
			if p.Name == "" || p.Version == "" || p.Type() != "npm" {
				t.Fatalf("%+v", p)
			}
		}
	})
}
