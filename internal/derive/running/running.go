// Package running joins workloads with the images that they run: by the digest
// that a node reports for a running container, or else by the reference in the
// pod template.
//
// It reads the snapshot and adds edges; it judges nothing.
package running

import (
	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
)

// Runs is the edge from a workload to an image; its evidence is the field that
// names the image.
const Runs graph.EdgeKind = "runs"

// Deriver adds the edges.
type Deriver struct{}

// Derive implements derive.Deriver.
func (Deriver) Derive(s *graph.Snapshot, b *graph.Builder) {
	x := newIndex(s)
	if x.empty() {
		return
	}
	for v := range workload.All(s) {
		top := workload.Top(s, v.Node).ID
		for c := range v.Containers() {
			image := c.Get("image")
			if id, ok := x.find(digestOf(v.Node, c), image.Str()); ok {
				b.AddEdges(graph.Edge{From: top, To: id, Kind: Runs, Evidence: image})
			}
		}
	}
}

// index finds images by what names them.
type index struct {
	byDigest    map[string]graph.NodeID
	byReference map[string]graph.NodeID
}

func newIndex(s *graph.Snapshot) *index {
	x := &index{byDigest: map[string]graph.NodeID{}, byReference: map[string]graph.NodeID{}}
	for n := range s.OfKind(artifact.KindArtifact) {
		reference := n.Object.Get("reference").Str()
		x.byReference[artifact.CanonicalReference(reference)] = n.ID
		for _, digest := range []string{n.Object.Get("digest").Str(), n.Object.Get("configID").Str(), artifact.Digest(reference)} {
			if digest != "" {
				x.byDigest[digest] = n.ID
			}
		}
	}
	return x
}

func (x *index) empty() bool { return len(x.byReference) == 0 }

// find prefers what runs to what was asked for: a tag may have moved.
func (x *index) find(digest, reference string) (graph.NodeID, bool) {
	for _, d := range []string{digest, artifact.Digest(reference)} {
		if id, ok := x.byDigest[d]; ok && d != "" {
			return id, true
		}
	}
	id, ok := x.byReference[artifact.CanonicalReference(reference)]
	return id, ok && reference != ""
}

// digestOf is the digest that the node of a pod reports for a container.
func digestOf(pod *graph.Node, c workload.Container) string {
	list := map[workload.ContainerType]string{
		workload.Regular: "containerStatuses", workload.Init: "initContainerStatuses", workload.Ephemeral: "ephemeralContainerStatuses",
	}[c.Type]
	for _, status := range pod.Object.At("status", list).Items() {
		if status.Get("name").Str() == c.Name() {
			return artifact.Digest(status.Get("imageID").Str())
		}
	}
	return ""
}
