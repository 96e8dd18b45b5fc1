package graph

import "bytes"

// Diff is what changed from one snapshot to a later one, in the order of
// identities.
type Diff struct {
	Added, Removed, Changed  []NodeID
	EdgesAdded, EdgesRemoved []Edge
}

// Compare finds the difference between two snapshots. A node has changed when
// a field of its object has another value; positions and times of observation
// do not count.
func Compare(before, after *Snapshot) Diff {
	var d Diff
	for n := range after.Nodes() {
		old, ok := before.Node(n.ID)
		switch {
		case !ok:
			d.Added = append(d.Added, n.ID)
		case !Equal(old.Object, n.Object):
			d.Changed = append(d.Changed, n.ID)
		}
	}
	for n := range before.Nodes() {
		if _, ok := after.Node(n.ID); !ok {
			d.Removed = append(d.Removed, n.ID)
		}
	}
	d.EdgesAdded = missingEdges(after, before)
	d.EdgesRemoved = missingEdges(before, after)
	return d
}

func missingEdges(in, from *Snapshot) []Edge {
	type ends struct {
		from, to NodeID
		kind     EdgeKind
	}
	have := make(map[ends]bool, len(from.edges))
	for e := range from.Edges() {
		have[ends{e.From, e.To, e.Kind}] = true
	}
	var missing []Edge
	for e := range in.Edges() {
		if !have[ends{e.From, e.To, e.Kind}] {
			missing = append(missing, *e)
		}
	}
	return missing
}

// Equal reports whether two values hold the same fields with the same content,
// in any order of fields. Positions do not count.
func Equal(a, b Value) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	if a.Kind() == Absent || a == b {
		return true
	}
	return bytes.Equal(AppendCanonical(nil, a), AppendCanonical(nil, b))
}
