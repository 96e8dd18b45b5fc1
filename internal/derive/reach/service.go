package reach

import (
	"strings"

	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
)

// internalAnnotations mark a load balancer that has an address in the private
// network only, with the values that mean it ("" for any but "false").
var internalAnnotations = map[string][]string{
	"service.beta.kubernetes.io/azure-load-balancer-internal":        {"true"},
	"service.beta.kubernetes.io/aws-load-balancer-internal":          {"true", "0.0.0.0/0"},
	"service.beta.kubernetes.io/aws-load-balancer-scheme":            {"internal"},
	"networking.gke.io/load-balancer-type":                           {"internal"},
	"cloud.google.com/load-balancer-type":                            {"internal"},
	"service.beta.kubernetes.io/openstack-internal-load-balancer":    {"true"},
	"service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": {"private"},
}

// IsInternal reports whether a load balancer is asked for inside the private
// network only.
func IsInternal(service *graph.Node) bool {
	annotations := service.Object.At("metadata", "annotations")
	for key, values := range internalAnnotations {
		text := strings.ToLower(annotations.Get(key).Text())
		for _, value := range values {
			if text == value {
				return true
			}
		}
	}
	return false
}

// openness is how far a Service itself is open, and the field that opens it.
func openness(service *graph.Node) (Level, graph.Value) {
	spec := service.Object.Get("spec")
	kind := spec.Get("type")
	switch {
	case kind.Str() == "LoadBalancer" && !IsInternal(service):
		return Internet, kind
	case spec.Get("externalIPs").Len() > 0:
		return Internet, spec.Get("externalIPs")
	case kind.Str() == "LoadBalancer", kind.Str() == "NodePort":
		return Network, kind
	}
	return Cluster, kind
}

// Serves reports whether at least one port of the Service leads to a port of
// the workload: a target port that is a name must be the name of a port of one
// of the containers.
func Serves(service *graph.Node, v workload.View) bool {
	for _, port := range service.Object.At("spec", "ports").Items() {
		target := port.Get("targetPort")
		if target.Kind() != graph.String || hasPort(v, target.Str()) {
			return true
		}
	}
	return false
}

func hasPort(v workload.View, name string) bool {
	for c := range v.Containers() {
		for _, port := range c.Get("ports").Items() {
			if port.Get("name").Str() == name {
				return true
			}
		}
	}
	return false
}
