// Package derive makes facts from facts: how objects hang together, who may do
// what, and what can be reached. This package holds what all derivers share;
// each folder below is one domain, with the kinds of edge that it knows.
//
// Derivers read a snapshot and add to a builder. They must not make findings
// and do no I/O.
package derive

import "github.com/foilsec/foil/internal/graph"

// Deriver adds what follows from a snapshot to the builder. It adds the same
// facts for the same snapshot, in any order, and is safe for concurrent use.
type Deriver interface {
	Derive(s *graph.Snapshot, b *graph.Builder)
}
