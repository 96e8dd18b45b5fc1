package workload

import (
	"iter"
	"maps"
	"slices"

	"github.com/foilsec/foil/internal/graph"
)

// View is the pod side of an object that runs pods.
type View struct {
	Node *graph.Node
	// Template holds the metadata and spec of the pod: the object itself for a
	// Pod, the pod template for everything else.
	Template graph.Value
	// PodSpec is the spec in the template, absent when the template has none.
	PodSpec graph.Value
}

// templatePaths says where each kind keeps its pod template. A Pod is its own.
var templatePaths = map[graph.Kind][]string{
	Pod:                   {},
	ReplicationController: {"spec", "template"},
	Deployment:            {"spec", "template"},
	ReplicaSet:            {"spec", "template"},
	DaemonSet:             {"spec", "template"},
	StatefulSet:           {"spec", "template"},
	Job:                   {"spec", "template"},
	CronJob:               {"spec", "jobTemplate", "spec", "template"},
	SandboxTemplate:       {"spec", "podTemplate"},
}

// Of is the pod view of a node; ok is false when its kind runs no pods.
func Of(n *graph.Node) (v View, ok bool) {
	path, ok := templatePaths[n.Kind]
	if !ok {
		return View{}, false
	}
	template := n.Object.At(path...)
	return View{Node: n, Template: template, PodSpec: template.Get("spec")}, true
}

// Kinds lists the kinds that run pods, in order.
func Kinds() []graph.Kind { return slices.Sorted(maps.Keys(templatePaths)) }

// All yields the view of every object of the snapshot that runs pods, in the
// order of identities within each kind.
func All(s *graph.Snapshot) iter.Seq[View] {
	return func(yield func(View) bool) {
		for n := range s.OfKind(Kinds()...) {
			if v, ok := Of(n); ok && !yield(v) {
				return
			}
		}
	}
}

// Labels are the labels of the pods.
func (v View) Labels() graph.Value { return v.Template.At("metadata", "labels") }

// ServiceAccount is the name of the service account that the pods run as, in
// their namespace, and the field that names it; the field is absent when the
// pods run as "default" because nothing is set.
func (v View) ServiceAccount() (name string, field graph.Value) {
	// serviceAccount is the deprecated name of the same field; the API server
	// keeps both equal.
	for _, key := range [...]string{"serviceAccountName", "serviceAccount"} {
		if field := v.PodSpec.Get(key); field.Str() != "" {
			return field.Str(), field
		}
	}
	return "default", graph.Value{}
}
