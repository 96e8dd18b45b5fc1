package rank

import (
	"cmp"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// Scope says how much one change of a kind covers.
type Scope string

// The scopes.
const (
	ScopeObject    Scope = "object"
	ScopeNamespace Scope = "namespace"
	ScopeCluster   Scope = "cluster"
)

// ChangeKind is a kind of change as content/changes.yaml describes it. The
// title holds "{object}" or "{namespace}".
type ChangeKind struct {
	lang.Text `json:",inline"`
	Scope     Scope `json:"scope"`
}

// Change is one line of the queue: an edit at one place, and the findings that
// it removes, by index in the ranked list.
type Change struct {
	ID        string
	Kind      string
	Title     lang.Text
	Node      graph.NodeID
	Score     float64
	Severity  finding.Severity
	Reasons   []Reason
	Findings  []int
	Workloads []graph.NodeID
	Automatic bool // every finding of it has a fix that a program can write
}

// Queue groups the open findings of a ranked list by the change that removes
// them. A change is worth its best finding and a tenth of each other one: ten
// small faults that one edit removes outrank one that is a little worse.
func Queue(ranked []Ranked, kindOf func(rule string) string, kinds map[string]ChangeKind, s *graph.Snapshot) []Change {
	q := queue{snapshot: s, kinds: kinds, byID: map[string]int{}}
	for i := range ranked {
		if ranked[i].State == finding.Open {
			q.add(i, &ranked[i], kindOf(ranked[i].Rule))
		}
	}
	for i := range q.changes {
		q.changes[i].Score = round(q.changes[i].Score)
		slices.Sort(q.changes[i].Workloads)
		q.changes[i].Workloads = slices.Compact(q.changes[i].Workloads)
	}
	slices.SortStableFunc(q.changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	return q.changes
}

// ChangeID names the change that removes a finding of a rule on a node.
func ChangeID(kind string, place graph.NodeID) string { return kind + "/" + string(place) }

type queue struct {
	snapshot *graph.Snapshot
	kinds    map[string]ChangeKind
	changes  []Change
	byID     map[string]int
}

func (q *queue) add(index int, r *Ranked, kind string) {
	place, name := q.place(r.Node, kind)
	title := q.title(kind, name)
	if r.Remedy != nil {
		kind, place, title = r.Remedy.Kind, r.Remedy.Place, r.Remedy.Title
	}
	id := ChangeID(kind, place)
	at, ok := q.byID[id]
	if !ok {
		at = len(q.changes)
		q.byID[id] = at
		q.changes = append(q.changes, Change{
			ID: id, Kind: kind, Node: place, Title: title,
			Score: r.Score, Severity: r.Severity, Reasons: r.Reasons, Automatic: true,
		})
	} else {
		q.changes[at].Score += r.Score / 10
	}
	c := &q.changes[at]
	c.Severity = max(c.Severity, r.Severity)
	c.Findings = append(c.Findings, index)
	c.Workloads = append(c.Workloads, r.Workloads...)
	c.Automatic = c.Automatic && len(r.Fixes) > 0
}

// place is where a change is made, and its name for the title.
func (q *queue) place(id graph.NodeID, kind string) (graph.NodeID, string) {
	n, ok := q.snapshot.Node(id)
	if !ok {
		return id, string(id)
	}
	switch q.kinds[kind].Scope {
	case ScopeNamespace:
		namespace := n.Namespace
		if n.Kind == "Namespace" {
			namespace = n.Name
		}
		return graph.ObjectID("", "Namespace", "", namespace), namespace
	case ScopeCluster:
		return graph.KeyedID("cluster", ""), ""
	}
	return id, kindAndName(n)
}

func (q *queue) title(kind, name string) lang.Text {
	known, ok := q.kinds[kind]
	if !ok {
		return lang.Text{EN: "Change " + name, ZH: "修改 " + name}
	}
	fill := strings.NewReplacer("{object}", name, "{namespace}", name)
	return lang.Text{EN: fill.Replace(known.EN), ZH: fill.Replace(known.ZH)}
}
