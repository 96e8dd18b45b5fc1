package workload

import (
	"github.com/foilsec/foil/internal/derive"
	"github.com/foilsec/foil/internal/graph"
)

// The edges of this domain, each from the object that holds the field to the
// one that the field means.
const (
	OwnedBy   graph.EdgeKind = "owned-by"   // object → its controller
	RunsAs    graph.EdgeKind = "runs-as"    // workload → ServiceAccount
	Mounts    graph.EdgeKind = "mounts"     // workload → Secret, ConfigMap or claim, as a volume
	Reads     graph.EdgeKind = "reads"      // workload → Secret or ConfigMap, as environment
	PullsWith graph.EdgeKind = "pulls-with" // workload → Secret
	Selects   graph.EdgeKind = "selects"    // Service → workload
	Scales    graph.EdgeKind = "scales"     // HorizontalPodAutoscaler → workload
)

// Service is the kind that gives pods a stable address.
const Service graph.Kind = "Service"

// Autoscaler is the kind that changes the number of pods.
const Autoscaler graph.Kind = "autoscaling/HorizontalPodAutoscaler"

// Deriver adds the edges of workloads.
type Deriver struct{}

var _ derive.Deriver = Deriver{}

// Derive adds every edge of this domain. Each join goes through an index, so
// the cost is linear in the number of objects and edges.
func (Deriver) Derive(s *graph.Snapshot, b *graph.Builder) {
	x := NewIndex(s)
	var edges []graph.Edge
	for v := range x.All() {
		edges = appendWorkload(edges, s, v)
	}
	for n := range s.OfKind(Service) {
		edges = appendSelected(edges, x, n)
	}
	for n := range s.OfKind(Autoscaler) {
		edges = appendScaled(edges, n)
	}
	b.AddEdges(edges...)
}

func appendWorkload(edges []graph.Edge, s *graph.Snapshot, v View) []graph.Edge {
	from, namespace := v.Node.ID, v.Node.Namespace
	if owner, ok := Controller(s, v.Node); ok {
		edges = append(edges, graph.Edge{From: from, To: owner.ID, Kind: OwnedBy, Evidence: controllerReference(v.Node)})
	}
	account, field := v.ServiceAccount()
	edges = append(edges, graph.Edge{From: from, To: graph.ObjectID("", string(ServiceAccount), namespace, account), Kind: RunsAs, Evidence: field})
	for r := range v.References() {
		edges = append(edges, graph.Edge{From: from, To: graph.ObjectID("", string(r.Kind), namespace, r.Name), Kind: r.Edge, Evidence: r.Field})
	}
	return edges
}

func appendSelected(edges []graph.Edge, x *Index, service *graph.Node) []graph.Edge {
	for v := range x.SelectedBy(service) {
		edges = append(edges, graph.Edge{From: service.ID, To: v.Node.ID, Kind: Selects, Evidence: service.Object.At("spec", "selector")})
	}
	return edges
}

func appendScaled(edges []graph.Edge, autoscaler *graph.Node) []graph.Edge {
	target := autoscaler.Object.At("spec", "scaleTargetRef")
	if target.Get("name").Str() == "" {
		return edges
	}
	return append(edges, graph.Edge{From: autoscaler.ID, To: ScaleTarget(autoscaler), Kind: Scales, Evidence: target.Get("name")})
}

// ScaleTarget is what an autoscaler scales.
func ScaleTarget(autoscaler *graph.Node) graph.NodeID {
	target := autoscaler.Object.At("spec", "scaleTargetRef")
	group, _ := graph.SplitAPIVersion(target.Get("apiVersion").Str())
	return graph.ObjectID(group, target.Get("kind").Str(), autoscaler.Namespace, target.Get("name").Str())
}
