package affected

import (
	"iter"
	"time"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/osv"
)

// KindVulnerability is the kind of node that a flaw becomes.
const KindVulnerability graph.Kind = "vulnerability"

// AffectedBy is the edge from a package to a flaw; its evidence is a Match.
const AffectedBy graph.EdgeKind = "affected-by"

// FlawID is the identity of a flaw in the graph.
func FlawID(id string) graph.NodeID { return graph.KeyedID(string(KindVulnerability), id) }

// Flaw is what a node of KindVulnerability says.
type Flaw struct {
	ID         string          `json:"id"`
	Aliases    []string        `json:"aliases,omitempty"`
	Summary    string          `json:"summary,omitempty"`
	Published  time.Time       `json:"published,omitzero"`
	References []string        `json:"references,omitempty"`
	CWEs       []string        `json:"cwes,omitempty"`
	Severity   []osv.Severity  `json:"severity,omitempty"`
	Exploited  *osv.Exploited  `json:"exploited,omitempty"`
	EPSS       *osv.Likelihood `json:"epss,omitempty"`
}

// Match is why and how a package is affected.
type Match struct {
	Records  []Record     `json:"records"`
	FixedIn  []string     `json:"fixedIn,omitempty"` // oldest first
	State    osv.FixState `json:"state"`
	Symbols  Linked       `json:"symbols,omitempty"`
	Present  []string     `json:"present,omitempty"`  // flawed functions that are linked
	Accepted string       `json:"accepted,omitempty"` // the system package that answers for this one
}

// Record is one advisory as it applies to the package.
type Record struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"` // the name that matched
	Range    string         `json:"range,omitempty"`
	FixedIn  string         `json:"fixedIn,omitempty"`
	State    osv.FixState   `json:"state"`
	Rating   string         `json:"rating,omitempty"`
	Severity []osv.Severity `json:"severity,omitempty"`
}

// Linked says whether the flawed functions are part of a program.
type Linked string

// The answers; empty where the question makes no sense.
const (
	Present     Linked = "present"
	Absent      Linked = "absent"
	Undecidable Linked = "unknown"
)

// Of yields the flaws of a package with their matches, by id of the flaw. An
// unreadable node, as in a snapshot of another version, is left out.
func Of(s *graph.Snapshot, pkg graph.NodeID) iter.Seq2[*Flaw, *Match] {
	return func(yield func(*Flaw, *Match) bool) {
		for e := range s.From(pkg) {
			if e.Kind != AffectedBy {
				continue
			}
			n, ok := s.Node(e.To)
			var f Flaw
			var m Match
			if !ok || n.Object.Decode(&f) != nil || e.Evidence.Decode(&m) != nil {
				continue
			}
			if !yield(&f, &m) {
				return
			}
		}
	}
}
