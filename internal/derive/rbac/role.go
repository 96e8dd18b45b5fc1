package rbac

import (
	"github.com/foilsec/foil/internal/derive/selector"
	"github.com/foilsec/foil/internal/graph"
)

// Role is a Role or ClusterRole as a binding sees it.
type Role struct {
	ID   graph.NodeID
	Name string
	// Node is nil for a role that every cluster has and the snapshot has not.
	Node *graph.Node
	// Rules are the role's own, or those that aggregation brings together.
	Rules []GrantedRule
}

// GrantedRule is a rule with the role that it is written in: another one than
// the bound role when that aggregates.
type GrantedRule struct {
	Rule
	Role graph.NodeID
}

// roles resolves references to roles, each once.
type roles struct {
	snapshot *graph.Snapshot
	known    map[graph.NodeID]*Role
	// aggregated are the ClusterRoles that others may collect.
	aggregated []*graph.Node
}

func newRoles(s *graph.Snapshot) *roles {
	r := &roles{snapshot: s, known: make(map[graph.NodeID]*Role)}
	for n := range s.OfKind(ClusterRoleKind) {
		if n.Object.At("metadata", "labels").Len() > 0 {
			r.aggregated = append(r.aggregated, n)
		}
	}
	return r
}

// resolve finds the role that a binding refers to; nil when there is none.
func (r *roles) resolve(kind, namespace, name string) *Role {
	if kind == "ClusterRole" {
		namespace = ""
	} else if kind != "Role" || namespace == "" {
		return nil
	}
	id := graph.ObjectID(Group, kind, namespace, name)
	if role, ok := r.known[id]; ok {
		return role
	}
	role := r.load(id, kind, name)
	r.known[id] = role
	return role
}

func (r *roles) load(id graph.NodeID, kind, name string) *Role {
	n, ok := r.snapshot.Node(id)
	if !ok {
		if kind != "ClusterRole" {
			return nil
		}
		return r.builtin(id, name)
	}
	return &Role{ID: id, Name: name, Node: n, Rules: r.own(n, make(map[graph.NodeID]bool))}
}

// builtin is one of the roles that every cluster has, with what the snapshot
// adds to it by aggregation.
func (r *roles) builtin(id graph.NodeID, name string) *Role {
	rules, ok := builtinRules(name)
	if !ok {
		return nil
	}
	role := &Role{ID: id, Name: name}
	for _, rule := range rules {
		role.Rules = append(role.Rules, GrantedRule{rule, id})
	}
	for _, n := range r.aggregated {
		for _, label := range aggregationLabels(name) {
			if n.Object.At("metadata", "labels").Get(label).Text() == "true" {
				role.Rules = append(role.Rules, r.own(n, map[graph.NodeID]bool{id: true})...)
			}
		}
	}
	return role
}

// collect gathers the rules of all ClusterRoles that one of the selectors
// selects; seen ends the circles that people can write.
func (r *roles) collect(wanted []selector.Selector, seen map[graph.NodeID]bool) []GrantedRule {
	var rules []GrantedRule
	for _, n := range r.aggregated {
		labels := n.Object.At("metadata", "labels")
		for _, s := range wanted {
			if s.Matches(labels) {
				rules = append(rules, r.own(n, seen)...)
				break
			}
		}
	}
	return rules
}

// own are the rules that a role has in the end. A cluster has written what it
// collected into the object; in files the list is empty and stands for what
// the cluster will collect.
func (r *roles) own(n *graph.Node, seen map[graph.NodeID]bool) []GrantedRule {
	if seen[n.ID] {
		return nil
	}
	seen[n.ID] = true
	var rules []GrantedRule
	for _, rule := range parseRules(n.Object) {
		rules = append(rules, GrantedRule{rule, n.ID})
	}
	aggregation := n.Object.At("aggregationRule", "clusterRoleSelectors")
	if len(rules) == 0 && aggregation.Len() > 0 {
		return r.collect(selectors(aggregation), seen)
	}
	return rules
}

func selectors(list graph.Value) []selector.Selector {
	out := make([]selector.Selector, 0, list.Len())
	for _, item := range list.Items() {
		out = append(out, selector.FromLabelSelector(item))
	}
	return out
}
