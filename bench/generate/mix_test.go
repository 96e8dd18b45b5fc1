package generate

import (
	"crypto/sha256"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// podSpecPaths is where each kind of workload keeps its pod spec.
var podSpecPaths = map[string][]string{
	"Pod": {"spec"}, "CronJob": {"spec", "jobTemplate", "spec", "template", "spec"},
	"Deployment": {"spec", "template", "spec"}, "ReplicaSet": {"spec", "template", "spec"},
	"StatefulSet": {"spec", "template", "spec"}, "DaemonSet": {"spec", "template", "spec"}, "Job": {"spec", "template", "spec"},
}

// podSpecs are the pod specs of a cluster as canonical JSON.
func podSpecs(t *testing.T, options Options) [][]byte {
	t.Helper()
	var specs [][]byte
	err := Each(options, func(d Document) error {
		path, ok := podSpecPaths[d.Kind]
		if !ok {
			return nil
		}
		var tree map[string]any
		if err := yaml.Unmarshal(d.YAML, &tree); err != nil {
			return err
		}
		spec, _, err := unstructured.NestedMap(tree, path...)
		if err != nil {
			return err
		}
		text, err := (&unstructured.Unstructured{Object: map[string]any{"kind": "PodSpec", "apiVersion": "v1", "spec": spec}}).MarshalJSON()
		specs = append(specs, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return specs
}

func TestSevenInTenAreWorkloads(t *testing.T) {
	options := Defaults(2000)
	share := float64(len(podSpecs(t, options))) / float64(options.Objects)
	if share < 0.66 || share > 0.74 {
		t.Errorf("%.2f of the objects are workloads, want about 0.70", share)
	}
}

func TestCopyRate(t *testing.T) {
	for _, rate := range []float64{0, 0.2, 0.8} {
		options := Defaults(1200)
		options.CopyRate = rate
		options.ApplyFriendly = true // an exported pod also names its node
		specs := podSpecs(t, options)
		distinct := map[[sha256.Size]byte]bool{}
		for _, spec := range specs {
			distinct[sha256.Sum256(spec)] = true
		}
		copies := 1 - float64(len(distinct))/float64(len(specs))
		if copies < rate-0.05 || copies > rate+0.05 {
			t.Errorf("copy rate %v: %.2f of the pod specs are copies", rate, copies)
		}
	}
}

// decodedPodSpecs are the typed pod specs of a small cluster with that mistake rate.
func decodedPodSpecs(t *testing.T, rate float64) []corev1.PodSpec {
	t.Helper()
	options := Defaults(600)
	options.MistakeRate = rate
	var specs []corev1.PodSpec
	for _, text := range podSpecs(t, options) {
		var holder struct{ Spec corev1.PodSpec }
		if err := yaml.Unmarshal(text, &holder); err != nil {
			t.Fatal(err)
		}
		specs = append(specs, holder.Spec)
	}
	return specs
}

func TestMistakeRate(t *testing.T) {
	none, some, many := decodedPodSpecs(t, 0), decodedPodSpecs(t, 0.3), decodedPodSpecs(t, 1)
	for name, mistake := range map[string]func(corev1.PodSpec) bool{
		"host path": func(s corev1.PodSpec) bool {
			return slices.ContainsFunc(s.Volumes, func(v corev1.Volume) bool { return v.HostPath != nil })
		},
		"host network":    func(s corev1.PodSpec) bool { return s.HostNetwork },
		"mounted token":   func(s corev1.PodSpec) bool { return s.AutomountServiceAccountToken == nil },
		"no pod security": func(s corev1.PodSpec) bool { return s.SecurityContext == nil },
	} {
		n, s, m := count(none, mistake), count(some, mistake), count(many, mistake)
		if n != 0 || s == 0 || m <= s {
			t.Errorf("%s: %d at rate 0, %d at 0.3, %d at 1", name, n, s, m)
		}
	}
}

func count(specs []corev1.PodSpec, mistake func(corev1.PodSpec) bool) int {
	n := 0
	for _, spec := range specs {
		if mistake(spec) {
			n++
		}
	}
	return n
}
