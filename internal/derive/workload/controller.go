package workload

import "github.com/foilsec/foil/internal/graph"

// Controller is the object in the snapshot that runs the pods of n from its
// own template: the owner marked as controller, or else the first one named.
// It is one step up: of a Pod of a Deployment it is the ReplicaSet. What a
// template says is reported on its top controller, once, not on each pod.
func Controller(s *graph.Snapshot, n *graph.Node) (*graph.Node, bool) {
	owner := controllerReference(n)
	if !owner.Exists() {
		return nil, false
	}
	group, _ := graph.SplitAPIVersion(owner.Get("apiVersion").Str())
	kind, name := owner.Get("kind").Str(), owner.Get("name").Str()
	if levels[graph.GroupKind(group, kind)] <= levels[n.Kind] {
		return nil, false
	}
	found, ok := s.Node(graph.ObjectID(group, kind, n.Namespace, name))
	if !ok || !sameUID(owner.Get("uid").Str(), found.Object.At("metadata", "uid").Str()) {
		return nil, false
	}
	return found, true
}

// Controlled reports whether the pods of n are run from the template of
// another object of the snapshot, so that findings belong there.
func Controlled(s *graph.Snapshot, n *graph.Node) bool {
	_, ok := Controller(s, n)
	return ok
}

// Top is the last controller above an object: the Deployment for a Pod of its
// ReplicaSet, and the object itself when nothing controls it.
func Top(s *graph.Snapshot, n *graph.Node) *graph.Node {
	for {
		owner, ok := Controller(s, n)
		if !ok {
			return n
		}
		n = owner
	}
}

// levels orders kinds by who controls whom. An owner stands on a higher level
// than what it owns, so that references which others write can't form a circle
// in which every object hides behind another.
var levels = map[graph.Kind]int{
	Pod:        1,
	ReplicaSet: 2, ReplicationController: 2, Job: 2,
	Deployment: 3, CronJob: 3, DaemonSet: 3, StatefulSet: 3, SandboxTemplate: 3,
}

func controllerReference(n *graph.Node) graph.Value {
	owners := n.Object.At("metadata", "ownerReferences")
	for _, owner := range owners.Items() {
		if owner.Get("controller").True() {
			return owner
		}
	}
	return owners.Item(0)
}

// sameUID compares identities where both are known: manifests have none.
func sameUID(a, b string) bool { return a == "" || b == "" || a == b }
