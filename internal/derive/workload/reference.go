package workload

import (
	"iter"

	"github.com/foilsec/foil/internal/graph"
)

// The kinds of object that pods refer to by name in their own namespace.
const (
	Secret         graph.Kind = "Secret"
	ConfigMap      graph.Kind = "ConfigMap"
	Claim          graph.Kind = "PersistentVolumeClaim"
	ServiceAccount graph.Kind = "ServiceAccount"
)

// Reference is a name in a pod spec that means another object of the same
// namespace.
type Reference struct {
	Edge  graph.EdgeKind // Mounts, Reads or PullsWith
	Kind  graph.Kind
	Name  string
	Field graph.Value // the field that holds the name
}

// References yields every Secret, ConfigMap and claim that the pods mount, read
// into their environment, or pull images with.
func (v View) References() iter.Seq[Reference] {
	return func(yield func(Reference) bool) {
		if volumeReferences(v.PodSpec, yield) && environmentReferences(v, yield) {
			pullReferences(v.PodSpec, yield)
		}
	}
}

// VolumeReferences yields the references of volumes alone.
func (v View) VolumeReferences() iter.Seq[Reference] {
	return func(yield func(Reference) bool) { volumeReferences(v.PodSpec, yield) }
}

func volumeReferences(spec graph.Value, yield func(Reference) bool) bool {
	for _, volume := range spec.Get("volumes").Items() {
		for kind, source := range volume.Fields() {
			if !sourceReferences(kind, source, yield) {
				return false
			}
		}
	}
	return true
}

// sourceReferences finds the names in one volume source. Drivers that are left
// over from before CSI name their Secret in secretRef; Azure Files has a field
// of its own.
func sourceReferences(kind string, source graph.Value, yield func(Reference) bool) bool {
	switch kind {
	case "secret", "azureFile":
		return reference(Mounts, Secret, source.Get("secretName"), yield)
	case "configMap":
		return reference(Mounts, ConfigMap, source.Get("name"), yield)
	case "persistentVolumeClaim":
		return reference(Mounts, Claim, source.Get("claimName"), yield)
	case "projected":
		for _, projection := range source.Get("sources").Items() {
			if !reference(Mounts, Secret, projection.At("secret", "name"), yield) ||
				!reference(Mounts, ConfigMap, projection.At("configMap", "name"), yield) {
				return false
			}
		}
		return true
	case "csi":
		return reference(Mounts, Secret, source.At("nodePublishSecretRef", "name"), yield)
	}
	return reference(Mounts, Secret, source.At("secretRef", "name"), yield)
}

func environmentReferences(v View, yield func(Reference) bool) bool {
	for c := range v.Containers() {
		for _, variable := range c.Get("env").Items() {
			from := variable.Get("valueFrom")
			if !reference(Reads, Secret, from.At("secretKeyRef", "name"), yield) ||
				!reference(Reads, ConfigMap, from.At("configMapKeyRef", "name"), yield) {
				return false
			}
		}
		for _, from := range c.Get("envFrom").Items() {
			if !reference(Reads, Secret, from.At("secretRef", "name"), yield) ||
				!reference(Reads, ConfigMap, from.At("configMapRef", "name"), yield) {
				return false
			}
		}
	}
	return true
}

func pullReferences(spec graph.Value, yield func(Reference) bool) {
	for _, secret := range spec.Get("imagePullSecrets").Items() {
		if !reference(PullsWith, Secret, secret.Get("name"), yield) {
			return
		}
	}
}

// reference yields one reference unless the name is not set; it reports
// whether to go on.
func reference(edge graph.EdgeKind, kind graph.Kind, name graph.Value, yield func(Reference) bool) bool {
	if name.Str() == "" {
		return true
	}
	return yield(Reference{Edge: edge, Kind: kind, Name: name.Str(), Field: name})
}
