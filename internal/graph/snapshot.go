package graph

import (
	"bytes"
	"cmp"
	"iter"
	"slices"
	"strconv"
)

// Snapshot is an immutable set of nodes and edges, ordered by identity, with
// the edges of each node side by side in both directions. All its methods are
// safe for concurrent use.
type Snapshot struct {
	nodes  []Node
	index  map[NodeID]int32
	byKind map[Kind][]int32
	edges  []Edge // ordered by From, Kind, To
	first  []int32
	into   []int32 // edge numbers ordered by To
	firstI []int32
	gaps   []Gap
	kinds  []Kind
}

func newSnapshot(nodes []Node, edges []Edge, gaps []Gap) *Snapshot {
	s := &Snapshot{nodes: distinct(nodes), gaps: gaps}
	s.index = make(map[NodeID]int32, len(s.nodes))
	s.byKind = make(map[Kind][]int32)
	for i := range s.nodes {
		n := &s.nodes[i]
		s.index[n.ID] = int32(i)
		s.byKind[n.Kind] = append(s.byKind[n.Kind], int32(i))
	}
	for kind := range s.byKind {
		s.kinds = append(s.kinds, kind)
	}
	slices.Sort(s.kinds)
	slices.SortFunc(s.gaps, compareGaps)
	s.link(edges)
	return s
}

// distinct orders nodes and gives each an identity of its own. The same object
// in two files of one tree (two environments, say) is two nodes: the later one
// in file order is told apart by its origin.
func distinct(nodes []Node) []Node {
	slices.SortStableFunc(nodes, compareNodes)
	seen := make(map[NodeID]int, len(nodes))
	for i := range nodes {
		n := &nodes[i]
		if seen[n.ID]++; seen[n.ID] == 1 {
			continue
		}
		id := n.ID + NodeID("@"+escapeKey(n.Provenance.Origin))
		if seen[id]++; seen[id] > 1 {
			id += NodeID("@" + strconv.Itoa(seen[id]))
		}
		n.ID = id
	}
	slices.SortStableFunc(nodes, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	return nodes
}

// compareNodes falls back on the content, so that the order never depends on
// which of two sources was faster.
func compareNodes(a, b Node) int {
	if c := cmp.Or(
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Provenance.Origin, b.Provenance.Origin),
		comparePositions(a.Provenance.Position, b.Provenance.Position),
	); c != 0 {
		return c
	}
	return bytes.Compare(AppendCanonical(nil, a.Object), AppendCanonical(nil, b.Object))
}

func comparePositions(a, b Position) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

func compareGaps(a, b Gap) int {
	return cmp.Or(cmp.Compare(a.Subject, b.Subject), comparePositions(a.Position, b.Position), cmp.Compare(a.Reason, b.Reason))
}

// link builds the two compressed adjacency lists. Of edges that are true for
// several reasons, the one with the first field in the document is kept.
func (s *Snapshot) link(edges []Edge) {
	slices.SortFunc(edges, func(a, b Edge) int {
		return cmp.Or(
			cmp.Compare(a.From, b.From), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.To, b.To),
			cmp.Compare(a.Evidence.index, b.Evidence.index),
		)
	})
	s.edges = slices.CompactFunc(edges, func(a, b Edge) bool {
		return a.From == b.From && a.Kind == b.Kind && a.To == b.To
	})
	s.first = s.count(func(e Edge) NodeID { return e.From })
	s.firstI = s.count(func(e Edge) NodeID { return e.To })
	s.into = make([]int32, s.firstI[len(s.nodes)])
	next := slices.Clone(s.firstI)
	for i, e := range s.edges {
		if to, ok := s.index[e.To]; ok {
			s.into[next[to]] = int32(i)
			next[to]++
		}
	}
}

// count gives the number of edges before each node in the order that end
// selects; edges at nodes that are not in the snapshot are left out.
func (s *Snapshot) count(end func(Edge) NodeID) []int32 {
	first := make([]int32, len(s.nodes)+1)
	for _, e := range s.edges {
		if i, ok := s.index[end(e)]; ok {
			first[i+1]++
		}
	}
	for i := range s.nodes {
		first[i+1] += first[i]
	}
	return first
}

// Len is the number of nodes.
func (s *Snapshot) Len() int { return len(s.nodes) }

// At is node number i in the order of identities, 0 <= i < Len.
func (s *Snapshot) At(i int) *Node { return &s.nodes[i] }

// Node finds a node by its identity.
func (s *Snapshot) Node(id NodeID) (*Node, bool) {
	i, ok := s.index[id]
	if !ok {
		return nil, false
	}
	return &s.nodes[i], true
}

// Nodes yields every node in the order of identities.
func (s *Snapshot) Nodes() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for i := range s.nodes {
			if !yield(&s.nodes[i]) {
				return
			}
		}
	}
}

// OfKind yields the nodes of the given kinds in the order of identities within
// each kind.
func (s *Snapshot) OfKind(kinds ...Kind) iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for _, kind := range kinds {
			for _, i := range s.byKind[kind] {
				if !yield(&s.nodes[i]) {
					return
				}
			}
		}
	}
}

// Kinds lists the kinds of node that the snapshot holds, in order.
func (s *Snapshot) Kinds() []Kind { return s.kinds }

// CountOf is the number of nodes of a kind.
func (s *Snapshot) CountOf(kind Kind) int { return len(s.byKind[kind]) }

// Edges yields every edge, ordered by its ends and kind.
func (s *Snapshot) Edges() iter.Seq[*Edge] {
	return func(yield func(*Edge) bool) {
		for i := range s.edges {
			if !yield(&s.edges[i]) {
				return
			}
		}
	}
}

// From yields the edges that leave a node.
func (s *Snapshot) From(id NodeID) iter.Seq[*Edge] {
	return func(yield func(*Edge) bool) {
		i, ok := s.index[id]
		if !ok {
			return
		}
		// Edges from nodes outside the snapshot stand between the ranges of
		// the others, so the range is found by search, not by offset.
		at, _ := slices.BinarySearchFunc(s.edges, id, func(e Edge, id NodeID) int { return cmp.Compare(e.From, id) })
		for j := range s.first[i+1] - s.first[i] {
			if !yield(&s.edges[at+int(j)]) {
				return
			}
		}
	}
}

// Into yields the edges that arrive at a node.
func (s *Snapshot) Into(id NodeID) iter.Seq[*Edge] {
	return func(yield func(*Edge) bool) {
		i, ok := s.index[id]
		if !ok {
			return
		}
		for _, e := range s.into[s.firstI[i]:s.firstI[i+1]] {
			if !yield(&s.edges[e]) {
				return
			}
		}
	}
}

// Outline is the snapshot without the documents of its nodes and the evidence
// of its edges: what exists and how it hangs together, for when the fields are
// not needed any more and their memory is.
func (s *Snapshot) Outline() *Snapshot {
	o := *s
	o.nodes, o.edges = slices.Clone(s.nodes), slices.Clone(s.edges)
	for i := range o.nodes {
		o.nodes[i].Object = Value{}
	}
	for i := range o.edges {
		o.edges[i].Evidence = Value{}
	}
	return &o
}

// Gaps lists what the sources could not read, in order.
func (s *Snapshot) Gaps() []Gap { return s.gaps }

// Sees reports whether nodes of this kind were readable: false when a gap
// names the kind, so that none in the snapshot does not mean none at all.
func (s *Snapshot) Sees(kind Kind) bool {
	for i := range s.gaps {
		if slices.Contains(s.gaps[i].Kinds, kind) {
			return false
		}
	}
	return true
}
