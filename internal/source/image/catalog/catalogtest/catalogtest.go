// Package catalogtest makes files for tests of readers, from bytes or from the
// disk of the machine, and has them read as a catalog would.
//
// Nothing but tests may import it, and it never changes a file.
package catalogtest

import (
	"bytes"
	"io/fs"
	"os"
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

// File is a file with a content.
func File(path string, content []byte) *catalog.File {
	return &catalog.File{Path: path, Mode: 0o644, Size: int64(len(content)), Content: bytes.NewReader(content)}
}

// Program is a file that can be executed.
func Program(path string, content []byte) *catalog.File {
	f := File(path, content)
	f.Mode |= fs.FileMode(0o111)
	return f
}

// Read has a file read that the reader must want.
func Read(t testing.TB, r catalog.Reader, f *catalog.File) catalog.Found {
	t.Helper()
	name := f.Name()
	switch r.Wants(&name) {
	case catalog.Nothing:
		t.Fatalf("%s does not want %s", r.Version, f.Path)
	case catalog.Head:
		head := make([]byte, min(f.Size, catalog.HeadSize))
		if _, err := f.Content.ReadAt(head, 0); err != nil {
			t.Fatal(err)
		}
		if !r.WantsHead(&name, head) {
			t.Fatalf("%s does not want %s for its head", r.Version, f.Path)
		}
	}
	found, err := r.Read(t.Context(), f)
	if err != nil {
		t.Fatalf("%s: %v", f.Path, err)
	}
	return found
}

// Disk is a file of this machine; the test is skipped when it is not there.
func Disk(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("this machine has no %s: %v", path, err)
	}
	return content
}
