package reach

import (
	"strings"

	"github.com/foilsec/foil/internal/derive/selector"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
)

// gateways finds the Istio gateways that take traffic from outside.
type gateways struct {
	snapshot *graph.Snapshot
	open     map[graph.NodeID]gatewayEntry
}

// gatewayEntry is the Service in front of a gateway; absent when there is none.
type gatewayEntry struct {
	service Link
	level   Level
}

// entries yields the open gateways that a VirtualService is bound to.
func (g *gateways) entries(virtualService *graph.Node) []Chain {
	var chains []Chain
	for _, name := range virtualService.Object.At("spec", "gateways").Items() {
		id, ok := gatewayID(virtualService, name.Str())
		if !ok {
			continue
		}
		gateway, ok := g.snapshot.Node(id)
		if !ok {
			continue
		}
		entry := g.entry(gateway)
		if entry.level <= Cluster {
			continue
		}
		chains = append(chains, Chain{Level: entry.level, Links: []Link{
			entry.service,
			{gateway.ID, gateway.Object.At("spec", "selector")},
		}})
	}
	return chains
}

// gatewayID reads NAME or NAMESPACE/NAME; "mesh" means the sidecars, not an
// entry.
func gatewayID(virtualService *graph.Node, reference string) (graph.NodeID, bool) {
	if reference == "" || reference == "mesh" {
		return "", false
	}
	namespace, name, qualified := strings.Cut(reference, "/")
	if !qualified {
		namespace, name = virtualService.Namespace, reference
	}
	return graph.ObjectID("networking.istio.io", "Gateway", namespace, name), true
}

func (g *gateways) entry(gateway *graph.Node) gatewayEntry {
	if entry, ok := g.open[gateway.ID]; ok {
		return entry
	}
	entry := g.find(gateway)
	g.open[gateway.ID] = entry
	return entry
}

// find looks for the Service in front of the pods that the gateway runs in.
// The Services of Istio's charts carry the labels of those pods themselves.
func (g *gateways) find(gateway *graph.Node) gatewayEntry {
	labels := gateway.Object.At("spec", "selector")
	if labels.Len() == 0 {
		return gatewayEntry{}
	}
	wanted := selector.FromMap(labels)
	best := gatewayEntry{}
	for service := range g.snapshot.OfKind(workload.Service) {
		if !wanted.Matches(service.Object.At("spec", "selector")) && !wanted.Matches(service.Object.At("metadata", "labels")) {
			continue
		}
		level, field := openness(service)
		if strings.HasSuffix(gateway.Name, "public") {
			level = Internet // a name that says so is taken at its word
		}
		if level > best.level {
			best = gatewayEntry{service: Link{service.ID, field}, level: level}
		}
	}
	return best
}
