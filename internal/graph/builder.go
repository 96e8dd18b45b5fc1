package graph

import (
	"slices"
	"sync"
)

// Builder gathers nodes, edges and gaps from any number of sources at once.
// It is safe for concurrent use; the snapshot does not depend on the order in
// which facts arrive.
type Builder struct {
	mu    sync.Mutex
	nodes []Node
	edges []Edge
	gaps  []Gap
}

// AddObject adds a Kubernetes object. Name and namespace are read from its
// metadata; an object of a namespaced kind without a namespace must have been
// given "default" by the source, which knows the kinds.
func (b *Builder) AddObject(object Value, namespace string, provenance Provenance) NodeID {
	group, _ := SplitAPIVersion(object.Get("apiVersion").Str())
	kind := object.Get("kind").Str()
	name := object.At("metadata", "name").Str()
	if name == "" {
		if prefix := object.At("metadata", "generateName").Str(); prefix != "" {
			name = prefix + "*"
		}
	}
	node := Node{
		ID:   ObjectID(group, kind, namespace, name),
		Kind: GroupKind(group, kind), Namespace: namespace, Name: name,
		Object: object, Provenance: provenance,
	}
	b.AddNode(node)
	return node.ID
}

// AddNode adds a node.
func (b *Builder) AddNode(n Node) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.nodes = append(b.nodes, n)
}

// AddEdges adds edges.
func (b *Builder) AddEdges(edges ...Edge) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.edges = append(b.edges, edges...)
}

// AddGap records something that could not be read.
func (b *Builder) AddGap(g Gap) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gaps = append(b.gaps, g)
}

// Snapshot freezes what was added so far. The builder may go on to be used,
// for facts that are derived from this snapshot.
func (b *Builder) Snapshot() *Snapshot {
	b.mu.Lock()
	defer b.mu.Unlock()
	return newSnapshot(slices.Clone(b.nodes), slices.Clone(b.edges), slices.Clone(b.gaps))
}

// SplitAPIVersion splits "apps/v1" into group and version; the core group is
// empty.
func SplitAPIVersion(apiVersion string) (group, version string) {
	for i := len(apiVersion) - 1; i >= 0; i-- {
		if apiVersion[i] == '/' {
			return apiVersion[:i], apiVersion[i+1:]
		}
	}
	return "", apiVersion
}
