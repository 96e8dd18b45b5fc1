// Package rootfstest makes small root file systems for tests, from contents by
// path. The layers that it writes are those that package rootfs reads; nothing
// of it is linked into foil.
package rootfstest

import (
	"archive/tar"
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// Tree makes a tree of files by path. A content that begins with "-> " makes a
// link, a path that ends in a slash a folder, one that begins with "+" a file
// that runs with the rights of its owner.
func Tree(t testing.TB, files map[string]string) *rootfs.Tree {
	t.Helper()
	tree, err := rootfs.New(t.TempDir(), rootfs.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tree.Close() })
	if err := tree.Apply(context.Background(), Layer(t, files)); err != nil {
		t.Fatal(err)
	}
	return tree
}

// Layer writes such files as a layer.
func Layer(t testing.TB, files map[string]string) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		content := files[name]
		h := &tar.Header{Name: strings.TrimPrefix(name, "+"), Mode: 0o755, ModTime: time.Unix(1_000_000_000, 0), Typeflag: tar.TypeReg}
		if strings.HasPrefix(name, "+") {
			h.Mode |= int64(rootfs.SetUID)
		}
		if target, ok := strings.CutPrefix(content, "-> "); ok {
			h.Typeflag, h.Linkname, content = tar.TypeSymlink, target, ""
		} else if strings.HasSuffix(name, "/") {
			h.Typeflag = tar.TypeDir
		}
		h.Size = int64(len(content))
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &out
}
