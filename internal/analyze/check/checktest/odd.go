package checktest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/derive/facttest"
)

// Odd runs an analyzer over objects of every kind whose fields hold what they
// never should. It must say something or nothing, but not fall over.
func Odd(t testing.TB, a analyze.Analyzer) {
	t.Helper()
	kinds := []string{
		"v1 Pod", "v1 Service", "v1 Namespace", "v1 Node", "v1 ConfigMap", "v1 ServiceAccount", "v1 PersistentVolume",
		"apps/v1 Deployment", "batch/v1 CronJob", "autoscaling/v2 HorizontalPodAutoscaler",
		"networking.k8s.io/v1 Ingress", "networking.k8s.io/v1 NetworkPolicy", "cilium.io/v2 CiliumNetworkPolicy",
		"gateway.networking.k8s.io/v1 HTTPRoute", "networking.istio.io/v1 VirtualService", "networking.istio.io/v1 Gateway",
		"rbac.authorization.k8s.io/v1 ClusterRole", "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
		"admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration", "kubescape.io/v1 ServiceScanResult",
	}
	values := []string{"null", "[]", "{}", "text", "7", "[null, [], text]", "{a: [1], selector: text, template: []}"}
	fields := []string{"spec", "metadata", "rules", "subjects", "roleRef", "webhooks", "aggregationRule", "data"}
	for _, field := range fields {
		var text strings.Builder
		for i, kind := range kinds {
			apiVersion, name, _ := strings.Cut(kind, " ")
			for j, value := range values {
				metadata := fmt.Sprintf("metadata: {name: o%d-%d}, ", i, j)
				if field == "metadata" {
					metadata = ""
				}
				fmt.Fprintf(&text, "{apiVersion: %s, kind: %s, %s%s: %s}\n---\n", apiVersion, name, metadata, field, value)
			}
		}
		Run(t, a, facttest.Snapshot(t, text.String()+"{apiVersion: v1, kind: Pod, metadata: {name: last}}"), nil)
	}
}
