package relation

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// judgeMounts fails every workload with a container that mounts an object of
// the kind which exists. The evidence is each mount, or the list of mounts of
// the container as a whole.
func (f *facts) judgeMounts(v *check.Verdicts, kind graph.Kind, each bool, message lang.Text) {
	for w := range f.workloads.Top() {
		volumes := f.volumesOf(w, kind)
		mounts := mountsOf(w, volumes, each)
		if len(mounts) == 0 {
			v.Pass(w.Node)
			continue
		}
		first := volumes[mounts[0].volume]
		evidence := make([]finding.Evidence, 0, len(mounts)+1)
		for _, m := range mounts {
			evidence = append(evidence, check.At(m.field))
		}
		v.Fail(w.Node, check.Fault{
			Message:  check.Say(message, check.Name(w.Node.ID), check.Name(first.ID)),
			Evidence: append(evidence, check.Object(first)),
		})
	}
}

// rootCertificates is the ConfigMap that the API server mounts into every pod,
// to tell its own certificate; nobody decides about that.
const rootCertificates = "kube-root-ca.crt"

// volumesOf finds the volumes of a workload that hold an existing object of the
// kind, by the name of the volume.
func (f *facts) volumesOf(w workload.View, kind graph.Kind) map[string]*graph.Node {
	var volumes map[string]*graph.Node
	for r := range w.VolumeReferences() {
		if r.Kind != kind || r.Name == rootCertificates {
			continue
		}
		n, ok := f.snapshot.Node(graph.ObjectID("", string(kind), w.Node.Namespace, r.Name))
		if !ok {
			continue
		}
		if volumes == nil {
			volumes = make(map[string]*graph.Node)
		}
		volumes[volumeAround(w, r.Field)] = n
	}
	return volumes
}

// volumeAround is the name of the volume that a field stands in.
func volumeAround(w workload.View, field graph.Value) string {
	for _, volume := range w.PodSpec.Get("volumes").Items() {
		if volume.Contains(field) {
			return volume.Get("name").Str()
		}
	}
	return ""
}

type mount struct {
	volume string
	field  graph.Value
}

func mountsOf(w workload.View, volumes map[string]*graph.Node, each bool) []mount {
	if len(volumes) == 0 {
		return nil
	}
	var mounts []mount
	for c := range w.Containers() {
		list := c.Get("volumeMounts")
		for _, item := range list.Items() {
			name := item.Get("name").Str()
			if _, ok := volumes[name]; !ok {
				continue
			}
			if !each {
				mounts = append(mounts, mount{name, list})
				break
			}
			mounts = append(mounts, mount{name, item})
		}
	}
	return mounts
}
