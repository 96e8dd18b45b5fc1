package fix

import (
	"maps"
	"slices"

	"github.com/foilsec/foil/internal/graph"
)

// origins knows which objects come from where.
type origins struct {
	nodes map[string][]*graph.Node // by origin
	// reads are the files that the objects of an origin name as their place,
	// of origins that are no files themselves.
	reads map[string]map[string]bool
}

func findOrigins(s *graph.Snapshot) *origins {
	o := &origins{nodes: map[string][]*graph.Node{}, reads: map[string]map[string]bool{}}
	for n := range s.Nodes() {
		if !n.Object.Exists() || n.Object.Position().Line == 0 {
			continue
		}
		origin := n.Provenance.Origin
		o.nodes[origin] = append(o.nodes[origin], n)
		if isFile(n) {
			continue
		}
		if o.reads[origin] == nil {
			o.reads[origin] = map[string]bool{}
		}
		addFiles(n.Object, o.reads[origin])
	}
	return o
}

// isFile reports whether an object stands in a file as it is, and is not made
// by a chart or a kustomization.
func isFile(n *graph.Node) bool { return n.Provenance.Origin == n.Object.Position().File }

func addFiles(v graph.Value, into map[string]bool) {
	if file := v.Position().File; !into[file] {
		into[file] = true
	}
	for _, f := range v.Fields() {
		addFiles(f, into)
	}
	for _, item := range v.Items() {
		addFiles(item, into)
	}
}

// affected are the origins whose objects may be others when files change.
func (o *origins) affected(changed map[string][]byte) []string {
	found := map[string]bool{}
	for name := range changed {
		if len(o.nodes[name]) > 0 {
			found[name] = true
		}
		for origin, files := range o.reads {
			if files[name] || within(name, origin) {
				found[origin] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}
