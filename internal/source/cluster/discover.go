package cluster

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/foilsec/foil/internal/graph"
)

// discover asks the API server for all resources that can be listed, each in
// the version that the server prefers. Groups that do not answer become gaps.
func discover(ctx context.Context, client *discovery.DiscoveryClient) ([]resource, []graph.Gap, error) {
	lists, err := client.ServerPreferredResourcesWithContext(ctx)
	failed, partly := discovery.GroupDiscoveryFailedErrorGroups(err)
	if err != nil && !partly {
		return nil, nil, fmt.Errorf("ask the API server for its resources: %w", explain(err))
	}
	var resources []resource
	for _, list := range lists {
		gv, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			return nil, nil, fmt.Errorf("ask the API server for its resources: %w", err)
		}
		for i := range list.APIResources {
			if r, ok := listable(gv, &list.APIResources[i]); ok {
				resources = append(resources, r)
			}
		}
	}
	slices.SortFunc(resources, bySize)
	return resources, undiscovered(failed), nil
}

// listable is the resource, unless it can't be listed or is skipped.
func listable(gv schema.GroupVersion, r *metav1.APIResource) (resource, bool) {
	found := resource{group: gv.Group, version: gv.Version, name: r.Name, kind: r.Kind, namespaced: r.Namespaced}
	ok := slices.Contains(r.Verbs, "list") && !strings.Contains(r.Name, "/") && !skipped(gv.Group, found.title())
	return found, ok
}

// undiscovered makes a gap of each group whose resources are not known.
func undiscovered(failed map[schema.GroupVersion]error) []graph.Gap {
	var gaps []graph.Gap
	for gv, err := range failed {
		if skipped(gv.Group, "") {
			continue
		}
		gaps = append(gaps, graph.Gap{
			Subject: "API group " + gv.String(),
			Reason: fmt.Sprintf("its resources are not known, as the server behind it does not answer: %s; look at: kubectl get apiservice %s.%s",
				oneLine(err), gv.Version, gv.Group),
			Kinds: knownKinds(gv),
		})
	}
	return gaps
}

// knownKinds are the kinds of a group that the client library knows.
func knownKinds(gv schema.GroupVersion) []graph.Kind {
	types := scheme.Scheme.KnownTypes(gv)
	var kinds []graph.Kind
	for _, kind := range slices.Sorted(maps.Keys(types)) {
		if _, isListed := types[kind+"List"]; isListed {
			kinds = append(kinds, graph.GroupKind(gv.Group, kind))
		}
	}
	return kinds
}
