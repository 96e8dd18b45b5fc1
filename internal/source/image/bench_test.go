package image

import (
	"context"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/cache"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/imagetest"
)

// benchImage names the archive that "go run ./bench/cmd/image" makes.
const benchImage = "FOIL_BENCH_IMAGE"

// benchCatalog finds about as much as a real one.
type benchCatalog struct{ *imagetest.Catalog }

func (c benchCatalog) Wants(path string, mode fs.FileMode, size int64) catalog.Wish {
	if strings.HasPrefix(path, "var/lib/dpkg/info/") && strings.HasSuffix(path, ".list") {
		return catalog.All
	}
	return c.Catalog.Wants(path, mode, size)
}

func (c benchCatalog) Read(_ context.Context, f catalog.File) (found catalog.Found) {
	content, err := io.ReadAll(io.NewSectionReader(f.Content, 0, f.Size))
	if err != nil {
		return found
	}
	switch {
	case strings.HasSuffix(f.Path, ".list"):
		found.Owned = []catalog.Ownership{{Type: "deb", Package: f.Path, Files: strings.Fields(string(content))}}
	case strings.HasSuffix(f.Path, "package.json"):
		found.Packages = []artifact.Package{{Name: f.Path, Version: "1", Locations: []string{f.Path}}}
	case strings.HasSuffix(f.Path, "status"):
		for text := range strings.SplitSeq(string(content), "Package: ") {
			name, _, _ := strings.Cut(text, "\n")
			found.Packages = append(found.Packages, artifact.Package{Name: name, Version: "1", Locations: []string{f.Path}})
		}
	}
	return found
}

func benchOptions(b *testing.B) Options {
	b.Helper()
	path := os.Getenv(benchImage)
	if path == "" {
		b.Skipf("%s names no archive", benchImage)
	}
	return Options{Reference: path, Catalog: benchCatalog{&imagetest.Catalog{Databases: []string{"var/lib/dpkg/status", "package.json"}}}}
}

func BenchmarkRead(b *testing.B) {
	o := benchOptions(b)
	for b.Loop() {
		a, err := Read(b.Context(), o)
		if err != nil || len(a.Gaps) > 0 {
			b.Fatal(err, a)
		}
	}
}

func BenchmarkReadAgain(b *testing.B) {
	o := benchOptions(b)
	folder, err := cache.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	o.Cache = folder
	for b.Loop() {
		if _, err := Read(b.Context(), o); err != nil {
			b.Fatal(err)
		}
	}
}
