package cluster

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/cluster/decode"
)

// resource is one kind of object as the API server lists it.
type resource struct {
	group, version, name, kind string
	namespaced                 bool
}

func (r resource) apiVersion() string {
	return schema.GroupVersion{Group: r.group, Version: r.version}.String()
}

func (r resource) decodeType() decode.Type {
	return decode.Type{APIVersion: r.apiVersion(), Kind: r.kind}
}

func (r resource) nodeKind() graph.Kind { return graph.GroupKind(r.group, r.kind) }

// title names the resource as kubectl takes it: "pods", "deployments.apps".
func (r resource) title() string {
	return schema.GroupResource{Group: r.group, Resource: r.name}.String()
}

// path is where the API server lists the resource, in one namespace or all.
func (r resource) path(namespace string) string {
	base := "/apis/"
	if r.group == "" {
		base = "/api/"
	}
	if namespace != "" {
		return base + r.apiVersion() + "/namespaces/" + namespace + "/" + r.name
	}
	return base + r.apiVersion() + "/" + r.name
}

func (r resource) isSecret() bool { return r.group == "" && r.name == "secrets" }

func (r resource) isNamespace() bool { return r.group == "" && r.name == "namespaces" }

// large are the kinds that tend to be many. They are begun first, so that no
// worker is left alone with them in the end.
var large = []string{"pods", "secrets", "configmaps", "replicasets.apps", "endpointslices.discovery.k8s.io", "services", "deployments.apps"}

// bySize orders resources by expected size, then by title.
func bySize(a, b resource) int {
	return cmp.Or(cmp.Compare(sizeRank(a), sizeRank(b)), cmp.Compare(a.title(), b.title()))
}

func sizeRank(r resource) int {
	if i := slices.Index(large, r.title()); i >= 0 {
		return i
	}
	return len(large)
}
