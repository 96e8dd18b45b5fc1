package manifest_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest"
)

// TestExampleShop reads the example of this repository: plain manifests, a
// chart and a kustomization. All of it must be read, and every field must
// stand on a line that exists.
func TestExampleShop(t *testing.T) {
	snapshot, summary := collect(t, manifest.Options{Paths: []string{"../../../examples/burrito-shop"}})
	if len(snapshot.Gaps()) != 0 || summary.Objects < 30 {
		t.Errorf("%d objects, gaps %v", summary.Objects, gaps(snapshot))
	}
	lines := make(map[string]int)
	var check func(graph.Value)
	check = func(v graph.Value) {
		p := v.Position()
		if _, known := lines[p.File]; !known {
			data, err := os.ReadFile(p.File)
			if err != nil {
				t.Errorf("%s: %v", v.Path(), err)
			}
			lines[p.File] = bytes.Count(data, []byte("\n")) + 1
		}
		if p.Line < 1 || p.Line > lines[p.File] {
			t.Errorf("%s stands at %+v", v.Path(), p)
		}
		for _, f := range v.Fields() {
			check(f)
		}
		for _, item := range v.Items() {
			check(item)
		}
	}
	for n := range snapshot.Nodes() {
		check(n.Object)
	}
}

// TestScanTwice reads the example twice, with other numbers of workers: the
// snapshots must be the same to the last position.
func TestScanTwice(t *testing.T) {
	var first []byte
	for _, workers := range []int{1, 2, 8} {
		snapshot, _ := collect(t, manifest.Options{Paths: []string{"../../../examples/burrito-shop"}, Workers: workers})
		var all []byte
		for n := range snapshot.Nodes() {
			all = append(all, n.ID...)
			all = graph.AppendDocument(all, n.Object.Document())
		}
		if first == nil {
			first = all
		}
		if !bytes.Equal(first, all) {
			t.Errorf("%d workers give another snapshot", workers)
		}
	}
}
