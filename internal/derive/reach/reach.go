package reach

import (
	"cmp"
	"slices"

	"github.com/foilsec/foil/internal/derive"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
)

// Level is how far away a caller can be.
type Level uint8

// The levels, from least to most exposed.
const (
	// None: no object leads to the workload; only its address in the cluster.
	None Level = iota
	// Cluster: a Service leads to it from inside the cluster.
	Cluster
	// Network: it has a port on nodes or on an internal load balancer, and is
	// open to whoever reaches those.
	Network
	// Internet: it is published to the outside.
	Internet
)

var levelNames = [...]string{"none", "cluster", "network", "internet"}

// String is the name of the level in lower case.
func (l Level) String() string { return levelNames[min(int(l), len(levelNames)-1)] }

// Link is one object of a chain with the field that leads on from it.
type Link struct {
	Node  graph.NodeID
	Field graph.Value
}

// Chain is a way in, from the outermost object to the workload's own.
type Chain struct {
	Level Level
	Links []Link
}

// Entry is the outermost object.
func (c Chain) Entry() Link { return c.Links[0] }

// Exposure is all ways to one workload.
type Exposure struct {
	Level  Level
	Chains []Chain // the most exposed first
}

// Map is the exposure of every workload of a snapshot. It is immutable and
// safe for concurrent use.
type Map struct {
	exposures map[graph.NodeID]Exposure
}

// Of is the exposure of a workload.
func (m *Map) Of(id graph.NodeID) Exposure { return m.exposures[id] }

// NewMap finds every chain that leads to a workload.
func NewMap(s *graph.Snapshot, x *workload.Index) *Map {
	m := &Map{exposures: make(map[graph.NodeID]Exposure)}
	routes := routesByService(s)
	for service := range s.OfKind(workload.Service) {
		chains := append(serviceChains(service), routes[service.ID]...)
		for v := range x.SelectedBy(service) {
			if Serves(service, v) {
				m.add(v.Node.ID, appendLink(chains, Link{service.ID, service.Object.At("spec", "selector")})...)
			}
		}
	}
	for v := range x.All() {
		m.add(v.Node.ID, hostChains(v)...)
	}
	for id, exposure := range m.exposures {
		slices.SortStableFunc(exposure.Chains, func(a, b Chain) int { return cmp.Compare(b.Level, a.Level) })
		m.exposures[id] = exposure
	}
	return m
}

func (m *Map) add(id graph.NodeID, chains ...Chain) {
	exposure := m.exposures[id]
	for _, c := range chains {
		exposure.Level = max(exposure.Level, c.Level)
	}
	exposure.Chains = append(exposure.Chains, chains...)
	if len(exposure.Chains) > 0 {
		m.exposures[id] = exposure
	}
}

// serviceChains is the way that a Service opens itself.
func serviceChains(service *graph.Node) []Chain {
	level, field := openness(service)
	return []Chain{{Level: level, Links: []Link{{service.ID, field}}}}
}

// appendLink adds the Service to chains that begin in front of it.
func appendLink(chains []Chain, service Link) []Chain {
	out := make([]Chain, len(chains))
	for i, c := range chains {
		if c.Entry().Node != service.Node {
			c.Links = append(slices.Clone(c.Links), service)
		}
		out[i] = c
	}
	return out
}

// routesByService finds the chains in front of each Service.
func routesByService(s *graph.Snapshot) map[graph.NodeID][]Chain {
	routes := make(map[graph.NodeID][]Chain)
	add := func(n *graph.Node, fronts []Chain) {
		for b := range Backends(n) {
			for _, front := range fronts {
				front.Links = append(slices.Clone(front.Links), Link{n.ID, b.Field})
				routes[b.Service()] = append(routes[b.Service()], front)
			}
		}
	}
	for n := range s.OfKind(append(Ingresses(), GatewayRoutes()...)...) {
		add(n, []Chain{{Level: Internet}})
	}
	g := &gateways{snapshot: s, open: make(map[graph.NodeID]gatewayEntry)}
	for n := range s.OfKind(VirtualService) {
		add(n, g.entries(n))
	}
	return routes
}

// hostChains are the ways in through the network of the node.
func hostChains(v workload.View) []Chain {
	if host := v.PodSpec.Get("hostNetwork"); host.True() {
		return []Chain{{Level: Network, Links: []Link{{v.Node.ID, host}}}}
	}
	for c := range v.Containers() {
		for _, port := range c.Get("ports").Items() {
			if number, _ := port.Get("hostPort").Int(); number > 0 {
				return []Chain{{Level: Network, Links: []Link{{v.Node.ID, port.Get("hostPort")}}}}
			}
		}
	}
	return nil
}

// Deriver adds the edges of this domain.
type Deriver struct{}

var _ derive.Deriver = Deriver{}

// Derive adds an edge for every Service that an Ingress or route names.
func (Deriver) Derive(s *graph.Snapshot, b *graph.Builder) {
	var edges []graph.Edge
	kinds := append(append(Ingresses(), GatewayRoutes()...), VirtualService)
	for n := range s.OfKind(kinds...) {
		for backend := range Backends(n) {
			edges = append(edges, graph.Edge{From: n.ID, To: backend.Service(), Kind: RoutesTo, Evidence: backend.Field})
		}
	}
	b.AddEdges(edges...)
}
