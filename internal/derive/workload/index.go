package workload

import (
	"iter"

	"github.com/foilsec/foil/internal/derive/selector"
	"github.com/foilsec/foil/internal/graph"
)

// Index finds the workloads of a snapshot by namespace and labels. It is
// immutable and safe for concurrent use.
type Index struct {
	views       []View
	controlled  []bool
	byNamespace map[string][]int32
	byLabel     map[label][]int32
}

type label struct{ namespace, key, value string }

// NewIndex indexes every object of the snapshot that runs pods.
func NewIndex(s *graph.Snapshot) *Index {
	x := &Index{byNamespace: make(map[string][]int32), byLabel: make(map[label][]int32)}
	for v := range All(s) {
		i := int32(len(x.views))
		x.views = append(x.views, v)
		x.controlled = append(x.controlled, Controlled(s, v.Node))
		namespace := v.Node.Namespace
		x.byNamespace[namespace] = append(x.byNamespace[namespace], i)
		for key, value := range v.Labels().Fields() {
			l := label{namespace, key, value.Text()}
			x.byLabel[l] = append(x.byLabel[l], i)
		}
	}
	return x
}

// All yields every workload.
func (x *Index) All() iter.Seq[View] {
	return func(yield func(View) bool) {
		for _, v := range x.views {
			if !yield(v) {
				return
			}
		}
	}
}

// Top yields the workloads that no other one controls: those that findings are
// reported on.
func (x *Index) Top() iter.Seq[View] {
	return func(yield func(View) bool) {
		for i, v := range x.views {
			if !x.controlled[i] && !yield(v) {
				return
			}
		}
	}
}

// In yields the workloads of a namespace.
func (x *Index) In(namespace string) iter.Seq[View] {
	return x.pick(x.byNamespace[namespace], selector.Selector{})
}

// Select yields the workloads of a namespace whose pods the selector selects.
// It starts from the rarest label that the selector asks for.
func (x *Index) Select(namespace string, s selector.Selector) iter.Seq[View] {
	candidates := x.byNamespace[namespace]
	for _, pair := range s.Pairs() {
		if found := x.byLabel[label{namespace, pair.Key, pair.Value}]; len(found) < len(candidates) {
			candidates = found
		}
	}
	return x.pick(candidates, s)
}

func (x *Index) pick(candidates []int32, s selector.Selector) iter.Seq[View] {
	return func(yield func(View) bool) {
		for _, i := range candidates {
			if v := x.views[i]; s.Matches(v.Labels()) && !yield(v) {
				return
			}
		}
	}
}

// SelectedBy yields the workloads whose pods a Service sends traffic to. A
// Service without a selector, or one that only names a host outside, selects
// none.
func (x *Index) SelectedBy(service *graph.Node) iter.Seq[View] {
	spec := service.Object.Get("spec")
	labels := spec.Get("selector")
	if labels.Len() == 0 || spec.Get("type").Str() == "ExternalName" {
		return func(func(View) bool) {}
	}
	return x.Select(service.Namespace, selector.FromMap(labels))
}
