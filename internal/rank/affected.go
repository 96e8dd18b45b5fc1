package rank

import (
	"slices"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
)

// maxAffected bounds the workloads that one finding is judged by; a
// cluster-wide binding touches everything, and the first thousand say so.
const maxAffected = 1000

// affected finds the workloads that a fault of a node puts at risk.
type affected struct {
	facts *Facts
	views map[graph.NodeID]workload.View
	roles map[graph.NodeID][]*rbac.Binding
	bound map[graph.NodeID]*rbac.Binding
}

func newAffected(facts *Facts) *affected {
	a := &affected{facts: facts, views: map[graph.NodeID]workload.View{}, roles: map[graph.NodeID][]*rbac.Binding{}, bound: map[graph.NodeID]*rbac.Binding{}}
	for v := range facts.Workloads.Top() {
		a.views[v.Node.ID] = v
	}
	for b := range facts.Grants.All() {
		a.bound[b.Node.ID] = b
		if b.Role != nil {
			a.roles[b.Role.ID] = append(a.roles[b.Role.ID], b)
		}
	}
	return a
}

// by lists the workloads in the order of their identities.
func (a *affected) by(id graph.NodeID) []workload.View {
	if v, ok := a.views[id]; ok {
		return []workload.View{v}
	}
	n, ok := a.facts.Snapshot.Node(id)
	if !ok {
		return nil
	}
	set := map[graph.NodeID]bool{}
	a.collect(n, set, 0)
	return a.sorted(set)
}

func (a *affected) sorted(set map[graph.NodeID]bool) []workload.View {
	ids := make([]graph.NodeID, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	views := make([]workload.View, 0, len(ids))
	for _, id := range ids {
		views = append(views, a.views[id])
	}
	return views
}

// collect follows the edges that end or begin at workloads: what a Service
// leads to, what runs as a service account, what a binding grants to, what
// stands in a namespace.
func (a *affected) collect(n *graph.Node, set map[graph.NodeID]bool, depth int) {
	switch {
	case n.Kind == "Namespace":
		for v := range a.facts.Workloads.In(n.Name) {
			a.put(v.Node.ID, set)
		}
	case n.Kind == rbac.RoleKind || n.Kind == rbac.ClusterRoleKind:
		for _, b := range a.roles[n.ID] {
			a.subjects(b, set)
		}
	case n.Kind == rbac.RoleBindingKind || n.Kind == rbac.ClusterRoleBindingKind:
		if b, ok := a.bound[n.ID]; ok {
			a.subjects(b, set)
		}
	case n.Kind == artifact.KindPackage || n.Kind == artifact.KindProgram:
		a.containers(n.ID, set)
	default:
		a.linked(n, set, depth)
	}
}

// containers are the workloads that run an image which contains the node.
func (a *affected) containers(id graph.NodeID, set map[graph.NodeID]bool) {
	for e := range a.facts.Snapshot.Into(id) {
		if e.Kind == artifact.Contains {
			a.users(e.From, set)
		}
	}
}

func (a *affected) subjects(b *rbac.Binding, set map[graph.NodeID]bool) {
	for _, subject := range b.Subjects {
		if subject.Kind == rbac.ServiceAccount {
			a.users(graph.ObjectID("", "ServiceAccount", subject.Namespace, subject.Name), set)
		}
	}
}

// users are the workloads with an edge into the node.
func (a *affected) users(id graph.NodeID, set map[graph.NodeID]bool) {
	for e := range a.facts.Snapshot.Into(id) {
		a.put(e.From, set)
	}
}

func (a *affected) linked(n *graph.Node, set map[graph.NodeID]bool, depth int) {
	a.users(n.ID, set)
	for e := range a.facts.Snapshot.From(n.ID) {
		a.put(e.To, set)
		if next, ok := a.facts.Snapshot.Node(e.To); ok && depth < 2 && next.Kind == workload.Service {
			a.collect(next, set, depth+1)
		}
	}
}

func (a *affected) put(id graph.NodeID, set map[graph.NodeID]bool) {
	if _, ok := a.views[id]; ok && len(set) < maxAffected {
		set[id] = true
	}
}
