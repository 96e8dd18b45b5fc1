package workload

import (
	"iter"

	"github.com/foilsec/foil/internal/graph"
)

// ContainerType says in which list of the pod spec a container stands.
type ContainerType string

// The types are the names of the lists.
const (
	Regular   ContainerType = "containers"
	Init      ContainerType = "initContainers"
	Ephemeral ContainerType = "ephemeralContainers"
)

var containerTypes = [...]ContainerType{Regular, Init, Ephemeral}

// Container is one container of a pod.
type Container struct {
	graph.Value
	Type ContainerType
}

// Name is the name of the container.
func (c Container) Name() string { return c.Get("name").Str() }

// Containers yields every container of the pods: regular, init and ephemeral.
func (v View) Containers() iter.Seq[Container] {
	return func(yield func(Container) bool) {
		for _, kind := range containerTypes {
			for _, item := range v.PodSpec.Get(string(kind)).Items() {
				if !yield(Container{item, kind}) {
					return
				}
			}
		}
	}
}
