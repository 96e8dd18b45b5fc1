//go:build unix

package tree_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/foilsec/foil/internal/source/manifest/tree"
)

func TestPipesAreNotOpened(t *testing.T) {
	dir := layout(t, map[string]string{"a.yaml": "", "link.yaml": "-> pipe.yaml"})
	pipe := filepath.Join(dir, "pipe.yaml")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	found := find(t, dir)
	got := strings.Join(reasons(dir, found), "\n")
	want := "pipe.yaml: not a regular file but a pipe; it was not opened; pass it through standard input if it is meant\n" +
		"link.yaml: not a regular file but a pipe; it was not opened"
	if got != want {
		t.Errorf("got:\n%s", got)
	}
	tr, err := tree.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tr.Close() }()
	if _, err := tr.OpenFile("pipe.yaml"); err == nil {
		t.Error("a pipe was opened")
	}
}
