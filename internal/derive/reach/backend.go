package reach

import (
	"iter"
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// Backend is the Service that an Ingress or route names.
type Backend struct {
	Namespace, Name string
	Field           graph.Value // the field that holds the name
}

// Service is the identity of the Service.
func (b Backend) Service() graph.NodeID {
	return graph.ObjectID("", "Service", b.Namespace, b.Name)
}

// Backends yields every Service that an Ingress, a Gateway API route or an
// Istio VirtualService sends traffic to; nothing for other kinds.
func Backends(n *graph.Node) iter.Seq[Backend] {
	return func(yield func(Backend) bool) {
		switch n.Kind {
		case Ingress, LegacyIngress:
			ingressBackends(n, yield)
		case HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, UDPRoute:
			routeBackends(n, yield)
		case VirtualService:
			virtualServiceBackends(n, yield)
		}
	}
}

func ingressBackends(n *graph.Node, yield func(Backend) bool) {
	spec := n.Object.Get("spec")
	for _, rule := range spec.Get("rules").Items() {
		for _, path := range rule.At("http", "paths").Items() {
			if !ingressBackend(n, path.Get("backend"), yield) {
				return
			}
		}
	}
	if ingressBackend(n, spec.Get("defaultBackend"), yield) {
		ingressBackend(n, spec.Get("backend"), yield)
	}
}

// ingressBackend reads service.name, or serviceName of the removed API.
func ingressBackend(n *graph.Node, backend graph.Value, yield func(Backend) bool) bool {
	name := backend.At("service", "name")
	if name.Str() == "" {
		name = backend.Get("serviceName")
	}
	if name.Str() == "" {
		return true
	}
	return yield(Backend{n.Namespace, name.Str(), name})
}

func routeBackends(n *graph.Node, yield func(Backend) bool) {
	for _, rule := range n.Object.At("spec", "rules").Items() {
		for _, ref := range rule.Get("backendRefs").Items() {
			if !routeBackend(n, ref, yield) {
				return
			}
		}
		for _, filter := range rule.Get("filters").Items() {
			if !routeBackend(n, filter.At("requestMirror", "backendRef"), yield) {
				return
			}
		}
	}
}

// routeBackend reads a reference whose kind and group are those of a Service
// unless they say otherwise.
func routeBackend(n *graph.Node, ref graph.Value, yield func(Backend) bool) bool {
	kind, group := ref.Get("kind").Str(), ref.Get("group").Str()
	name := ref.Get("name")
	if name.Str() == "" || (kind != "" && kind != "Service") || group != "" {
		return true
	}
	namespace := ref.Get("namespace").Str()
	if namespace == "" {
		namespace = n.Namespace
	}
	return yield(Backend{namespace, name.Str(), name})
}

func virtualServiceBackends(n *graph.Node, yield func(Backend) bool) {
	for _, protocol := range [...]string{"http", "tls", "tcp"} {
		for _, entry := range n.Object.At("spec", protocol).Items() {
			for _, route := range entry.Get("route").Items() {
				host := route.At("destination", "host")
				if host.Str() == "" {
					continue
				}
				if !yield(hostBackend(n, host)) {
					return
				}
			}
		}
	}
}

// hostBackend reads the host of a destination: a Service of the same namespace,
// or NAME.NAMESPACE with or without the domain of the cluster.
func hostBackend(n *graph.Node, host graph.Value) Backend {
	name, rest, qualified := strings.Cut(host.Str(), ".")
	if !qualified {
		return Backend{n.Namespace, name, host}
	}
	namespace, _, _ := strings.Cut(rest, ".")
	return Backend{namespace, name, host}
}
