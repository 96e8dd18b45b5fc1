package rootfs_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

func TestNothingIsWrittenOutsideOfTheFolder(t *testing.T) {
	outside := t.TempDir()
	layers := [][]entry{
		{{Path: "out", Type: "symlink", Target: outside}, {Path: "up", Type: "symlink", Target: "../../../../../../tmp"}},
		{{Path: "out/evil", Content: "x"}, {Path: "up/evil", Content: "x"}, {Path: "../evil", Content: "x"}, {Path: "hard", Type: "hardlink", Target: "../../etc/passwd"}},
	}
	tree, err := treeOf(t, layers...)
	if err == nil {
		t.Fatalf("a file below a link that leads nowhere was taken: %v", tree.Paths())
	}
	if names, err := os.ReadDir(outside); err != nil || len(names) > 0 {
		t.Errorf("written outside: %v %v", names, err)
	}
	if tree, err = treeOf(t, []entry{{Path: "tmp/a", Content: "1"}, {Path: "up", Type: "symlink", Target: "../../../tmp"}, {Path: "up/b", Content: "2"}, {Path: "../evil", Content: "x"}}); err != nil {
		t.Fatal(err)
	}
	if got, err := content(tree, "tmp/b"); err != nil || got != "2" {
		t.Errorf("a link above the root must stay at the root: %q %v", got, err)
	}
	if len(tree.Skipped()) != 1 {
		t.Errorf("skipped %v", tree.Skipped())
	}
}

func TestLimitsStopAnImage(t *testing.T) {
	for name, limits := range map[string]rootfs.Limits{"entries": {Entries: 1, Bytes: 100}, "bytes": {Entries: 100, Bytes: 3}} {
		tree, err := rootfs.New(t.TempDir(), limits)
		if err != nil {
			t.Fatal(err)
		}
		err = tree.Apply(context.Background(), archiveOf(t, []entry{{Path: "a", Content: "12"}, {Path: "b", Content: "34"}}))
		if err == nil {
			t.Errorf("%s: no limit", name)
		}
		_ = tree.Close()
	}
}

func TestALayerIsTheTreeAndNothingElse(t *testing.T) {
	tree, err := treeOf(t, []entry{{Path: "a/b", Content: "1"}, {Path: "c", Type: "hardlink", Target: "a/b"}, {Path: "d", Type: "symlink", Target: "/a"}, {Path: "e", Content: "gone"}})
	if err != nil {
		t.Fatal(err)
	}
	tree.Drop("e")
	tree.Replace("a/b", []byte("other"))
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if err := tree.WriteLayer(out, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same tree gave other bytes")
	}
	read, err := rootfs.New(t.TempDir(), rootfs.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = read.Close() }()
	if err := read.Apply(context.Background(), &first); err != nil {
		t.Fatal(err)
	}
	if got, err := content(read, "d/b"); err != nil || got != "other" {
		t.Errorf("d/b is %q (%v)", got, err)
	}
	if got, err := content(read, "c"); err != nil || got != "1" {
		t.Errorf("the other name of what was replaced is %q (%v)", got, err)
	}
	if read.Lookup("e") != nil {
		t.Error("what was dropped is in the layer")
	}
}

func TestLayOutMakesARealFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("owners need the rights of root")
	}
	tree, err := treeOf(t, []entry{{Path: "bin/sh", Content: "#!"}, {Path: "sh", Type: "symlink", Target: "/bin/sh"}, {Path: "also", Type: "hardlink", Target: "bin/sh"}})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := tree.LayOut(folder); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(filepath.Join(folder, "sh")); err != nil || to != "/bin/sh" {
		t.Errorf("the link leads to %q (%v)", to, err)
	}
	info, err := os.Stat(filepath.Join(folder, "also"))
	if err != nil || info.Mode().Perm() != 0o755 || info.Size() != 2 {
		t.Errorf("also: %v %v", info, err)
	}
}

// FuzzApply feeds archives that others control.
func FuzzApply(f *testing.F) {
	f.Add(archiveOf(f, []entry{{Path: "a/b", Content: "1"}, {Path: "a/.wh.b"}, {Path: "l", Type: "symlink", Target: "../l"}, {Path: "l/x", Content: "2"}}).Bytes())
	f.Add(archiveOf(f, []entry{{Path: "a/.wh..wh..opq"}, {Path: "a", Type: "symlink", Target: "a"}, {Path: "a", Type: "hardlink", Target: "a"}}).Bytes())
	f.Fuzz(func(t *testing.T, layer []byte) {
		outside := t.TempDir()
		inside := filepath.Join(outside, "in")
		if err := os.Mkdir(inside, 0o700); err != nil {
			t.Fatal(err)
		}
		tree, err := rootfs.New(inside, rootfs.Limits{Entries: 100, Bytes: 1 << 16})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tree.Close() }()
		for range 2 {
			_ = tree.Apply(context.Background(), bytes.NewReader(layer))
		}
		if names, err := os.ReadDir(outside); err != nil || len(names) != 1 {
			t.Fatalf("written outside: %v %v", names, err)
		}
		for _, p := range tree.Paths() {
			if tree.Lookup(p).Path != p {
				t.Fatalf("%q is indexed as %q", tree.Lookup(p).Path, p)
			}
		}
	})
}
