package tree

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func plant(t *testing.T, paths ...string) *Tree {
	t.Helper()
	tree := New()
	for _, path := range paths {
		add(t, tree, path)
	}
	return tree
}

// add adds a file, or a link written as "path>target".
func add(t *testing.T, tree *Tree, path string) ID {
	t.Helper()
	path, target, isLink := strings.Cut(path, ">")
	folder, base := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		folder, base = path[:i], path[i+1:]
	}
	parent, err := tree.Place(folder)
	if err != nil {
		t.Fatal(err)
	}
	id, err := tree.Make(parent, base)
	if err != nil {
		t.Fatal(err)
	}
	if isLink {
		if err := tree.SetLink(id, Node{Kind: Symlink}, target); err != nil {
			t.Fatal(err)
		}
	} else {
		tree.Set(id, Node{Kind: Regular})
	}
	return id
}

func TestLookup(t *testing.T) {
	tree := plant(t, "a/b/file", "up>a/../../../a/b", "abs>/a", "chain>up/file", "loop>loop", "dead>none", "a/b/top>../../a/b/file")
	tests := map[string]struct {
		path string
		err  error
	}{
		"a/b/file": {"a/b/file", nil}, "up/file": {"a/b/file", nil}, "abs/b/file": {"a/b/file", nil}, "chain": {"a/b/file", nil},
		"/../a/./b//file": {"a/b/file", nil}, "a/b/top": {"a/b/file", nil}, "": {"", nil}, "..": {"", nil},
		"loop": {"", ErrLoop}, "loop/x": {"", ErrLoop}, "dead": {"", ErrNotExist}, "a/b/file/x": {"", ErrNotExist}, "none": {"", ErrNotExist},
	}
	for path, want := range tests {
		id, err := tree.Lookup(path)
		if !errors.Is(err, want.err) || err == nil && tree.Path(id) != want.path {
			t.Errorf("%q: %q, error %v; want %q, %v", path, tree.Path(id), err, want.path, want.err)
		}
	}
	if id, err := tree.LookupLink("chain"); err != nil || tree.Node(id).Kind != Symlink {
		t.Errorf("chain: %v, error %v", tree.Node(id), err)
	}
}

func TestDepthOfLinks(t *testing.T) {
	tree := plant(t, "file")
	before := "file"
	for _, name := range strings.Fields(strings.Repeat("l ", MostLinks+1)) {
		name += strings.Repeat("x", len(before))
		add(t, tree, name+">"+before)
		before = name
	}
	if _, err := tree.Lookup(before); !errors.Is(err, ErrLoop) {
		t.Errorf("error %v of %d links", err, MostLinks+1)
	}
	second, _ := tree.LookupLink(before)
	if _, err := tree.Lookup(tree.Target(second)); err != nil {
		t.Errorf("error %v of %d links", err, MostLinks)
	}
	if _, err := tree.LookupWithin(tree.Target(second), 6); !errors.Is(err, ErrLoop) {
		t.Errorf("error %v with a bound of 6", err)
	}
}

func TestRemovedNamesComeBackEmpty(t *testing.T) {
	tree := plant(t, "a/b/c", "a/d")
	id, _ := tree.LookupLink("a")
	for range 3 {
		tree.Remove(id, 0)
		if _, err := tree.Lookup("a/b/c"); !errors.Is(err, ErrNotExist) {
			t.Errorf("error %v", err)
		}
		add(t, tree, "a/e")
		if _, err := tree.Lookup("a/d"); !errors.Is(err, ErrNotExist) {
			t.Errorf("a/d came back: error %v", err)
		}
		count := 0
		for range tree.Children(id) {
			count++
		}
		if count != 1 {
			t.Errorf("%d names in the folder", count)
		}
	}
	if length := tree.Len(); length != 6 {
		t.Errorf("%d nodes: names that come back are not the same nodes", length)
	}
}

func TestManyNames(t *testing.T) {
	tree := New()
	parts := []string{"usr", "lib", "share", "x", "node_modules"}
	var paths []string
	for _, a := range parts {
		for _, b := range parts {
			for n := range 300 {
				paths = append(paths, a+"/"+b+"/"+strings.Repeat("n", n%200+1)+string(rune('a'+n/200)))
			}
		}
	}
	for _, path := range paths {
		add(t, tree, path)
	}
	for _, path := range paths {
		id, err := tree.Lookup(path)
		if err != nil || tree.Path(id) != path {
			t.Fatalf("%s: %q, error %v", path, tree.Path(id), err)
		}
	}
	decoded, rest, err := Decode(append(tree.Append(nil), "rest"...))
	if err != nil || string(rest) != "rest" {
		t.Fatalf("rest %q, error %v", rest, err)
	}
	if got, want := all(decoded), all(tree); !slices.Equal(got, want) {
		t.Errorf("%d names, want %d", len(got), len(want))
	}
}

func all(t *Tree) []string {
	var list []string
	for id := range t.All() {
		list = append(list, t.Path(id))
	}
	slices.Sort(list)
	return list
}

func TestHardLinksThatLeadNowhereAreTold(t *testing.T) {
	upper := &Index{Tree: New()}
	id, _ := upper.Make(Root, "b")
	if err := upper.SetLink(id, Node{Kind: Pending}, "none"); err != nil {
		t.Fatal(err)
	}
	lower := plant(t, "a")
	dangling, err := lower.Lay(upper, 1, nil)
	if err != nil || !slices.Equal(dangling, []string{"b"}) {
		t.Errorf("dangling %q, error %v", dangling, err)
	}
	if _, err := lower.Lookup("b"); !errors.Is(err, ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
