package examples_test

import (
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestEveryManifestDecodesStrictly(t *testing.T) {
	for _, d := range loadShop(t) {
		if isMesh(d.object(t)) {
			continue // not a built-in type; its own API server extension checks it
		}
		if _, err := decodeStrict(d.yaml); err != nil {
			t.Errorf("%s: %s: %v", d.file, d.id(t), err)
		}
	}
}

// isMesh tells Istio's objects, the only ones that need a CRD.
func isMesh(object *unstructured.Unstructured) bool {
	return strings.HasSuffix(object.GroupVersionKind().Group, ".istio.io")
}

func TestChartRendersWithDefaultsAndProductionValues(t *testing.T) {
	defaults, production := renderChart(t), renderChart(t, "values-prod.yaml")
	if len(defaults) == 0 || len(defaults) != len(production) {
		t.Fatalf("%d objects by default, %d in production", len(defaults), len(production))
	}
	for _, d := range defaults {
		if _, err := decodeStrict(d.yaml); err != nil {
			t.Errorf("%s: %v", d.file, err)
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, d := range loadShop(t) {
		o := d.object(t)
		key := o.GroupVersionKind().Group + " " + o.GetKind() + " " + o.GetNamespace() + "/" + o.GetName()
		if first, twice := seen[key]; twice {
			t.Errorf("%s is in %s and in %s", key, first, d.file)
		}
		seen[key] = d.file
	}
}

func TestNamespacesAreDeclared(t *testing.T) {
	// These two exist in every cluster.
	declared := []string{"default", "kube-system"}
	documents := loadShop(t)
	for _, d := range documents {
		if o := d.object(t); o.GetKind() == "Namespace" {
			declared = append(declared, o.GetName())
		}
	}
	for _, d := range documents {
		if ns := d.object(t).GetNamespace(); ns != "" && !slices.Contains(declared, ns) {
			t.Errorf("%s: %s is in the namespace %q, which nothing declares", d.file, d.id(t), ns)
		}
	}
}

// The values are there to be found by scanners; none may look like a leak of
// something real, or hosts of repositories will block the push.
func TestSecretsAreObviouslyFake(t *testing.T) {
	for _, d := range loadShop(t) {
		object, err := decodeStrict(d.yaml)
		if err != nil {
			continue
		}
		secret, ok := object.(*corev1.Secret)
		if !ok {
			continue
		}
		for key, value := range secret.StringData {
			if !strings.Contains(value, "burrito-demo-not-a-secret") {
				t.Errorf("%s: %s: %s is not the demo value", d.file, d.id(t), key)
			}
		}
	}
}
