package examples_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// podTemplates are the templates of the Deployments and DaemonSets of one namespace.
func podTemplates(t *testing.T, namespace string) map[string]corev1.PodTemplateSpec {
	t.Helper()
	templates := map[string]corev1.PodTemplateSpec{}
	for _, d := range loadShop(t) {
		if d.object(t).GetNamespace() != namespace {
			continue
		}
		object, err := decodeStrict(d.yaml)
		if err != nil {
			continue // the mesh's objects have no pods
		}
		switch workload := object.(type) {
		case *appsv1.Deployment:
			templates[d.id(t)] = workload.Spec.Template
		case *appsv1.DaemonSet:
			templates[d.id(t)] = workload.Spec.Template
		}
	}
	return templates
}

func passes(t *testing.T, level api.Level, pod corev1.PodTemplateSpec) bool {
	t.Helper()
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	at := api.LevelVersion{Level: level, Version: api.LatestVersion()}
	return policy.AggregateCheckResults(evaluator.EvaluatePod(at, &pod.ObjectMeta, &pod.Spec)).Allowed
}

// The contrast that the example lives from: payments is the one to copy.
func TestPodSecurityLevels(t *testing.T) {
	for _, tc := range []struct {
		namespace, workload string
		level               api.Level
		want                bool
	}{
		{"payments", "Deployment/payments", api.LevelRestricted, true},
		{"shop", "Deployment/storefront", api.LevelRestricted, false},
		{"shop", "Deployment/storefront", api.LevelBaseline, true},
		{"shop", "Deployment/kitchen", api.LevelBaseline, false},
		{"shop", "Deployment/ordering", api.LevelBaseline, false},
		{"monitoring", "DaemonSet/node-exporter", api.LevelBaseline, false},
		{"kube-system", "DaemonSet/kube-cert-sync", api.LevelBaseline, false},
	} {
		pod, found := podTemplates(t, tc.namespace)[tc.workload]
		if !found {
			t.Errorf("no %s in %s", tc.workload, tc.namespace)
			continue
		}
		if got := passes(t, tc.level, pod); got != tc.want {
			t.Errorf("%s in %s at %s: allowed = %v, want %v", tc.workload, tc.namespace, tc.level, got, tc.want)
		}
	}
}
