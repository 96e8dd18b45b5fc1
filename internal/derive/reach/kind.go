package reach

import "github.com/foilsec/foil/internal/graph"

// The kinds that send traffic to Services.
const (
	Ingress        graph.Kind = "networking.k8s.io/Ingress"
	LegacyIngress  graph.Kind = "extensions/Ingress" // removed in 1.22, still found in files
	HTTPRoute      graph.Kind = "gateway.networking.k8s.io/HTTPRoute"
	GRPCRoute      graph.Kind = "gateway.networking.k8s.io/GRPCRoute"
	TLSRoute       graph.Kind = "gateway.networking.k8s.io/TLSRoute"
	TCPRoute       graph.Kind = "gateway.networking.k8s.io/TCPRoute"
	UDPRoute       graph.Kind = "gateway.networking.k8s.io/UDPRoute"
	VirtualService graph.Kind = "networking.istio.io/VirtualService"
)

// Gateway is Istio's entry to the mesh.
const Gateway graph.Kind = "networking.istio.io/Gateway"

// Ingresses lists the kinds of Ingress.
func Ingresses() []graph.Kind { return []graph.Kind{Ingress, LegacyIngress} }

// GatewayRoutes lists the routes of the Gateway API.
func GatewayRoutes() []graph.Kind {
	return []graph.Kind{HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, UDPRoute}
}

// RoutesTo is the edge from an Ingress or route to the Service behind it.
const RoutesTo graph.EdgeKind = "routes-to"
