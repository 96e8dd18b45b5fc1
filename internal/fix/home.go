package fix

import (
	"cmp"
	"path"

	"github.com/foilsec/foil/internal/graph"
)

// home is a folder for a new object.
type home struct {
	dir string
	// kustomization is the file that has to name what is put there.
	kustomization string
	sameKind      int
	objects       int
	computed      bool
}

// homeOf is the folder where an object fits best: that of objects of its kind
// in its namespace, or else where most objects of its namespace are. Plain
// files come before kustomizations, and those before charts.
func (r *round) homeOf(c *creation) (home, bool) {
	namespace := c.namespace
	if c.kind == "Namespace" {
		namespace = c.name
	}
	byDir := map[string]*home{}
	for _, nodes := range r.origins.nodes {
		for _, n := range nodes {
			if n.Namespace != namespace && !(n.Kind == "Namespace" && n.Name == namespace) {
				continue
			}
			h, ok := r.homeAt(n)
			if !ok {
				continue
			}
			known := byDir[h.dir]
			if known == nil {
				known = &h
				byDir[h.dir] = known
			}
			if n.Namespace == namespace {
				known.objects++
			}
			if n.Kind == c.kind {
				known.sameKind++
			}
		}
	}
	var best *home
	for _, h := range byDir {
		if best == nil || compareHomes(h, best) < 0 {
			best = h
		}
	}
	if best == nil {
		return home{}, false
	}
	return *best, true
}

// compareHomes puts the better folder first.
func compareHomes(a, b *home) int {
	return cmp.Or(
		// The file of the Namespace alone is the last choice.
		compareBool(a.objects == 0, b.objects == 0), compareBool(a.computed, b.computed),
		cmp.Compare(b.sameKind, a.sameKind), cmp.Compare(b.objects, a.objects), cmp.Compare(a.dir, b.dir),
	)
}

// compareBool puts false first.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// homeAt is the folder that goes with an object.
func (r *round) homeAt(n *graph.Node) (home, bool) {
	origin := n.Provenance.Origin
	if isFile(n) {
		dir := path.Dir(origin)
		return home{dir: dir}, r.request.Files.Contains(path.Join(dir, "new.yaml"))
	}
	if chart, err := r.isChart(origin); err != nil || chart {
		dir := path.Dir(origin)
		return home{dir: dir, computed: true}, err == nil && r.request.Files.Contains(path.Join(dir, "new.yaml"))
	}
	file := r.kustomizationOf(origin)
	return home{dir: origin, kustomization: file, computed: true}, file != "" && r.request.Files.Contains(file)
}
