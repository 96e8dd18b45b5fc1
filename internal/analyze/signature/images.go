package signature

import (
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/running"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// use is an image of one repository that one node runs or is.
type use struct {
	node       graph.NodeID
	repository string
	references []string // to ask about: by digest where that is known
	evidence   []finding.Evidence
}

// uses collects every image, by node and repository.
type uses struct {
	list  []*use
	byKey map[string]*use
}

func collect(s *graph.Snapshot) []*use {
	u := &uses{byKey: map[string]*use{}}
	for v := range workload.All(s) {
		u.workload(s, v)
	}
	run := ranByWorkloads(s)
	for n := range s.OfKind(artifact.KindArtifact) {
		if !run[n.ID] {
			u.artifact(n)
		}
	}
	for _, one := range u.list {
		one.settle()
	}
	return u.list
}

// workload adds the images of a workload to the object that stands for it.
func (u *uses) workload(s *graph.Snapshot, v workload.View) {
	top := workload.Top(s, v.Node).ID
	for c := range v.Containers() {
		image := c.Get("image")
		if image.Str() == "" {
			continue
		}
		repository, _, digest := artifact.Split(image.Str())
		status := statusOf(v.Node, c)
		if running := artifact.Digest(status.Str()); running != "" {
			digest = running
		}
		one := u.at(top, repository)
		if digest == "" {
			one.add(artifact.CanonicalReference(image.Str()))
		} else {
			one.add(repository + "@" + digest)
		}
		one.show(top, v.Node.ID, image)
		if status.Exists() {
			one.show(top, v.Node.ID, status)
		}
	}
}

// statusOf is the field in which a node reports what a container runs.
func statusOf(pod *graph.Node, c workload.Container) graph.Value {
	list := map[workload.ContainerType]string{
		workload.Regular: "containerStatuses", workload.Init: "initContainerStatuses", workload.Ephemeral: "ephemeralContainerStatuses",
	}[c.Type]
	for _, status := range pod.Object.At("status", list).Items() {
		if status.Get("name").Str() == c.Name() {
			return status.Get("imageID")
		}
	}
	return graph.Value{}
}

func ranByWorkloads(s *graph.Snapshot) map[graph.NodeID]bool {
	ran := map[graph.NodeID]bool{}
	for e := range s.Edges() {
		if e.Kind == running.Runs {
			ran[e.To] = true
		}
	}
	return ran
}

// artifact adds an image that was scanned by itself. What lies in an archive or
// a folder has no place where its signatures would be.
func (u *uses) artifact(n *graph.Node) {
	reference, digest := n.Object.Get("reference").Str(), n.Object.Get("digest").Str()
	if artifact.Form(n.Object.Get("form").Str()) != artifact.Container || !inRegistry(reference) {
		return
	}
	repository := reference
	if !strings.HasPrefix(reference, layoutScheme) {
		repository, _, _ = artifact.Split(reference)
		if digest != "" {
			reference = repository + "@" + digest
		}
	}
	one := u.at(n.ID, repository)
	one.add(reference)
	one.show(n.ID, n.ID, n.Object.Get("reference"))
}

const layoutScheme = "oci-dir:"

// inRegistry tells the names of images from those of files.
func inRegistry(reference string) bool {
	if strings.HasPrefix(reference, layoutScheme) {
		return true
	}
	if strings.HasPrefix(reference, "/") || strings.HasPrefix(reference, ".") || strings.Contains(reference, `\`) {
		return false
	}
	for _, ending := range []string{".tar", ".tgz", ".tar.gz", ".tar.zst"} {
		if strings.HasSuffix(reference, ending) {
			return false
		}
	}
	scheme, _, found := strings.Cut(reference, ":")
	if !found {
		return true
	}
	switch scheme {
	case "docker-archive", "oci-archive", "docker", "podman", "containerd", "dir", "file", "sbom", "purl":
		return false
	}
	return true
}

func (u *uses) at(node graph.NodeID, repository string) *use {
	key := string(node) + " " + repository
	one, ok := u.byKey[key]
	if !ok {
		one = &use{node: node, repository: repository}
		u.byKey[key] = one
		u.list = append(u.list, one)
	}
	return one
}

func (u *use) add(reference string) {
	for _, known := range u.references {
		if known == reference {
			return
		}
	}
	u.references = append(u.references, reference)
}

// settle leaves the tag out where it is known what runs.
func (u *use) settle() {
	var exact []string
	for _, reference := range u.references {
		if artifact.Digest(reference) != "" {
			exact = append(exact, reference)
		}
	}
	if len(exact) > 0 {
		u.references = exact
	}
}

// mostEvidence is how many fields of one image are shown; the pods of a large
// workload all say the same.
const mostEvidence = 4

// show adds a field of an object as evidence, once for each value. The field of
// the own object takes the place of the same one in its pods.
func (u *use) show(own, node graph.NodeID, field graph.Value) {
	if node == own {
		node = ""
	}
	e := check.Of(node, field)
	for i, known := range u.evidence {
		switch {
		case known.Value != e.Value:
		case node != "", known.Path == e.Path && known.Node == "":
			return
		case known.Node != "":
			u.evidence[i] = e
			return
		}
	}
	if len(u.evidence) < mostEvidence {
		u.evidence = append(u.evidence, e)
	}
}

// remark adds a fact in words.
func remark(text lang.Text) finding.Evidence { return check.Note("", text) }
