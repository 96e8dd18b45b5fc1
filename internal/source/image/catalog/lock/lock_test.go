package lock_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/lock"
)

// TestFormats reads the lock files of testdata/formats.txtar. Behind each stands
// a file of the same name and "want" with what it must be read as.
func TestFormats(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/formats.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		file, want := archive.Files[i], archive.Files[i+1]
		if want.Name != file.Name+" want" {
			t.Fatalf("%s is followed by %s", file.Name, want.Name)
		}
		found := catalogtest.Read(t, lock.Reader(), catalogtest.File(file.Name, file.Data))
		var got strings.Builder
		for _, p := range found.Packages {
			got.WriteString(p.Name + " " + p.Version + " " + p.PURL + "\n")
			if p.Ecosystem == "" || p.Locations[0] != file.Name {
				t.Errorf("%s: %+v", file.Name, p)
			}
		}
		if got.String() != string(want.Data) || len(found.Gaps) > 0 {
			t.Errorf("%s:\n%swant\n%s%+v", file.Name, got.String(), want.Data, found.Gaps)
		}
		if !lock.Is(file.Name) {
			t.Errorf("%s is not known for a lock file", file.Name)
		}
	}
}

func TestWhatOthersPublishedIsNotWanted(t *testing.T) {
	for path, want := range map[string]catalog.Wish{
		"app/package-lock.json":                          catalog.All,
		"app/node_modules/x/yarn.lock":                   catalog.Nothing,
		"app/vendor/github.com/x/y/go.mod":               catalog.Nothing,
		"root/go/pkg/mod/github.com/x/y@v1.0.0/go.mod":   catalog.Nothing,
		"root/.cargo/registry/src/x/Cargo.lock":          catalog.Nothing,
		"usr/lib/python3/dist-packages/requirements.txt": catalog.Nothing,
		"app/requirements-dev.txt":                       catalog.All,
		"app/verification-metadata.xml":                  catalog.Nothing,
	} {
		name := catalog.NewName(path, 10, false)
		if got := lock.Reader().Wants(&name); got != want {
			t.Errorf("%s: wish %d, want %d", path, got, want)
		}
	}
}

func TestDamage(t *testing.T) {
	for _, name := range []string{"package-lock.json", "Pipfile.lock", "composer.lock", "packages.lock.json", "conan.lock", "renv.lock", "gradle/verification-metadata.xml"} {
		found, err := lock.Reader().Read(t.Context(), catalogtest.File(name, []byte("<{[")))
		if err != nil || len(found.Gaps) != 1 || len(found.Gaps[0].Ecosystems) != 1 || found.Gaps[0].Ecosystems[0] == "" {
			t.Errorf("%s: gaps %+v, error %v", name, found.Gaps, err)
		}
	}
}

// TestModuleOfThisRepository compares with what the module says it needs.
func TestModuleOfThisRepository(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	found := catalogtest.Read(t, lock.Reader(), catalogtest.File("go.mod", content))
	want := strings.Count(string(content), "\n\t")
	if len(found.Packages) < want {
		t.Errorf("%d modules, want at least %d", len(found.Packages), want)
	}
}

func FuzzFormats(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/formats.txtar")
	if err != nil {
		f.Fatal(err)
	}
	var names []string
	for i := 0; i < len(archive.Files); i += 2 {
		f.Add(archive.Files[i].Data, uint8(len(names)))
		names = append(names, archive.Files[i].Name)
	}
	f.Fuzz(func(t *testing.T, content []byte, format uint8) {
		found, err := lock.Reader().Read(t.Context(), catalogtest.File(names[int(format)%len(names)], content))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range found.Packages {
			if p.Name == "" || p.Version == "" || p.Type() == "" {
				t.Fatalf("%+v", p)
			}
		}
	})
}
