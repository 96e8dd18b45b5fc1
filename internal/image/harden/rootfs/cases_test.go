package rootfs_test

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// cases are images written as lists of entries, with what must be seen in them.
const cases = "../../../../../shared/data/image/layers/cases.jsonl"

type entry struct{ Path, Type, Content, Target string }

type layerCase struct {
	Case   string
	Layers [][]entry
	Expect struct {
		Files  map[string]string
		Absent []string
		Errors map[string]string
	}
}

// archiveOf writes a layer.
func archiveOf(t testing.TB, entries []entry) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, e := range entries {
		h := &tar.Header{Name: e.Path, Mode: 0o755, ModTime: time.Unix(1, 0)}
		switch e.Type {
		case "dir":
			h.Typeflag = tar.TypeDir
		case "symlink":
			h.Typeflag, h.Linkname = tar.TypeSymlink, e.Target
		case "hardlink":
			h.Typeflag, h.Linkname = tar.TypeLink, e.Target
		default:
			h.Typeflag, h.Size = tar.TypeReg, int64(len(e.Content))
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.Content)[:h.Size]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &out
}

// treeOf applies layers.
func treeOf(t testing.TB, layers ...[]entry) (*rootfs.Tree, error) {
	t.Helper()
	tree, err := rootfs.New(t.TempDir(), rootfs.Limits{Entries: 1000, Bytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tree.Close() })
	for _, l := range layers {
		if err := tree.Apply(context.Background(), archiveOf(t, l)); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// content reads a file as a process in the image would.
func content(tree *rootfs.Tree, name string) (string, error) {
	real, _, err := tree.Resolve(name)
	if err != nil {
		return "", err
	}
	text, err := tree.Read(real, 1<<20)
	return string(text), err
}

func TestLayersGiveWhatEveryReaderMustSee(t *testing.T) {
	f, err := os.Open(filepath.FromSlash(cases))
	if err != nil {
		t.Skipf("the written cases are not beside the repository: %v", err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var c layerCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.Case, func(t *testing.T) { c.check(t) })
	}
}

func (c *layerCase) check(t *testing.T) {
	tree, err := treeOf(t, c.Layers...)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range c.Expect.Files {
		if got, err := content(tree, name); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", name, got, err, want)
		}
	}
	for _, name := range c.Expect.Absent {
		if tree.Lookup(name) != nil {
			t.Errorf("%s is there", name)
		}
	}
	for name, want := range c.Expect.Errors {
		_, err := content(tree, name)
		if is := map[string]error{"loop": rootfs.ErrLoop, "not-exist": rootfs.ErrNotExist}[want]; !errors.Is(err, is) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}
