package tree

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// model is the plainest way to lay layers over each other: a map of all paths.
// Folders are "", files are their content, links are "> target".
type model map[string]string

func (m model) remove(path string, itself bool) {
	maps.DeleteFunc(m, func(p, _ string) bool { return itself && p == path || strings.HasPrefix(p, path+"/") || path == "" })
}

// lay applies a layer: first what it takes away, then what it adds.
func (m model) lay(entries []change) {
	for _, c := range entries {
		switch c.kind {
		case "whiteout":
			m.remove(c.path, true)
		case "opaque":
			m.remove(c.path, false)
		}
	}
	for _, c := range entries {
		folders := c.path
		if c.kind == "opaque" {
			folders += "/" // the mark lies in the folder
		}
		for i, r := range folders {
			if r == '/' && m.kindOf(c.path[:i]) != "folder" {
				m.remove(c.path[:i], true)
				m[c.path[:i]] = ""
			}
		}
		switch c.kind {
		case "file", "link":
			m.remove(c.path, true)
			m[c.path] = c.text
		case "folder":
			if m.kindOf(c.path) != "folder" {
				m.remove(c.path, true)
				m[c.path] = ""
			}
		}
	}
}

func (m model) kindOf(path string) string {
	switch text, ok := m[path]; {
	case !ok:
		return ""
	case text == "":
		return "folder"
	}
	return "other"
}

type change struct{ kind, path, text string }

func randomLayer(random *rand.Rand, layer int) []change {
	var list []change
	for n := range random.IntN(6) {
		var parts []string
		for range 1 + random.IntN(3) {
			parts = append(parts, string(rune('a'+random.IntN(3))))
		}
		c := change{path: strings.Join(parts, "/"), text: fmt.Sprintf("%d.%d", layer, n)}
		c.kind = []string{"file", "file", "folder", "link", "whiteout", "opaque"}[random.IntN(6)]
		list = append(list, c)
	}
	return withoutLinksOnTheWay(list)
}

// withoutLinksOnTheWay drops entries that would be written through a link or in
// place of something of the same layer: for those the model is too plain.
func withoutLinksOnTheWay(list []change) []change {
	var kept []change
	for _, c := range list {
		clash := slices.ContainsFunc(kept, func(k change) bool {
			above := strings.HasPrefix(c.path+"/", k.path+"/") || strings.HasPrefix(k.path+"/", c.path+"/")
			return above && (k.kind != "folder" || c.kind == "file" || c.kind == "link")
		})
		if !clash {
			kept = append(kept, c)
		}
	}
	return kept
}

// indexOf makes an index of a layer as its reader does.
func indexOf(t *testing.T, list []change) *Index {
	t.Helper()
	index := &Index{Tree: New()}
	for n, c := range list {
		folder, base := "", c.path
		if i := strings.LastIndexByte(c.path, '/'); i >= 0 {
			folder, base = c.path[:i], c.path[i+1:]
		}
		if c.kind == "opaque" {
			folder = c.path
		}
		parent, err := index.Place(folder)
		if err != nil {
			t.Fatal(err)
		}
		switch c.kind {
		case "whiteout":
			index.Whiteouts = append(index.Whiteouts, Whiteout{folder, base})
			continue
		case "opaque":
			index.Opaque = append(index.Opaque, folder)
			continue
		}
		id, err := index.Make(parent, base)
		if err != nil {
			t.Fatal(err)
		}
		switch c.kind {
		case "file":
			index.Set(id, Node{Kind: Regular, Entry: uint32(n)})
		case "folder":
			index.Set(id, Node{Kind: Folder})
		case "link":
			if err := index.SetLink(id, Node{Kind: Symlink}, c.text); err != nil {
				t.Fatal(err)
			}
		}
	}
	return index
}

func TestAgainstThePlainestModel(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for round := range 5000 {
		union, plain := New(), model{}
		var history []string
		for layer := range 1 + random.IntN(4) {
			list := randomLayer(random, layer)
			history = append(history, fmt.Sprint(list))
			plain.lay(list)
			if _, err := union.Lay(indexOf(t, list), uint16(layer), nil); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := shown(union), slices.Sorted(maps.Keys(plain)); !slices.Equal(got, want) {
			t.Fatalf("round %d: %s\ngot  %q\nwant %q", round, strings.Join(history, "\n"), got, want)
		}
		for path, text := range plain {
			id, err := union.LookupLink(path)
			if errors.Is(err, ErrLoop) || errors.Is(err, ErrNotExist) {
				t.Fatalf("round %d: %s: %v", round, path, err)
			}
			layer, _, _ := strings.Cut(text, ".")
			if n := union.Node(id); !n.Kind.Folder() && fmt.Sprint(n.Layer) != layer {
				t.Fatalf("round %d: %s is of layer %d, want %s", round, path, n.Layer, text)
			}
		}
	}
}

func shown(t *Tree) []string {
	list := all(t)
	return slices.DeleteFunc(list, func(path string) bool { return path == "" })
}
