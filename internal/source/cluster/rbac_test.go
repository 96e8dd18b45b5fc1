package cluster

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"k8s.io/client-go/discovery"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/test/cluster/kubetest"
)

var update = flag.Bool("update", false, "write deploy/rbac/foil-scan.yaml anew")

const rbacFile = "../../../deploy/rbac/foil-scan.yaml"

const rbacHead = `# The rights that "foil scan cluster" needs: to list every kind that it reads, and nothing else.
# Written by: go test ./internal/source/cluster -run TestRBACManifest -update
#
#   kubectl apply -f deploy/rbac/foil-scan.yaml
#   kubectl create clusterrolebinding foil-scan --clusterrole=foil-scan --serviceaccount=NAMESPACE:NAME
#
# Secrets: foil asks for names, labels and types and never for values. Kubernetes has no right for that alone; who
# holds this role can read the values by other means. Leave the rule out if you don't want that: foil then reports
# Secrets as not seen.
#
# Custom resources: label a ClusterRole that may list them with foil.dev/aggregate-to-scan: "true".
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: foil-scan
aggregationRule:
  clusterRoleSelectors:
  - matchLabels:
      foil.dev/aggregate-to-scan: "true"
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: foil-scan-builtin
  labels:
    foil.dev/aggregate-to-scan: "true"
rules:
`

// rbacManifest is the manifest for the built-in kinds among the resources.
func rbacManifest(resources []resource) string {
	groups := make(map[string][]string)
	for _, r := range resources {
		if isBuiltIn(r.group) {
			groups[r.group] = append(groups[r.group], r.name)
		}
	}
	var b strings.Builder
	b.WriteString(rbacHead)
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		slices.Sort(groups[group])
		fmt.Fprintf(&b, "- apiGroups: [%q]\n  verbs: [list]\n  resources:\n", group)
		for _, name := range groups[group] {
			fmt.Fprintf(&b, "  - %s\n", name)
		}
	}
	return b.String()
}

// isBuiltIn reports whether a group is of Kubernetes itself: without a dot, or
// under k8s.io.
func isBuiltIn(group string) bool {
	return !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io")
}

// The manifest names exactly what is read of a cluster, and suffices.
func TestRBACManifest(t *testing.T) {
	c := shared.Cluster(t)
	source, err := New(testOptions(c.Kubeconfig()))
	if err != nil {
		t.Fatal(err)
	}
	client, err := discovery.NewDiscoveryClientForConfig(source.connection.config)
	if err != nil {
		t.Fatal(err)
	}
	resources, _, err := discover(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	want := rbacManifest(resources)
	if *update {
		if err := os.WriteFile(rbacFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(rbacFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what this cluster needs; write it anew with -update:\n%s", rbacFile, want)
	}

	apply(t, c, string(got))
	t.Cleanup(func() { deleteManifest(t, c, string(got)) })
	kubeconfig := userWith(t, c, "scanner", scannerBinding)
	namespace := kubetest.Namespace(t, c)
	apply(t, c, fmt.Sprintf(shopManifest, namespace))
	eventually(t, "scan without gaps", func() bool {
		source, err := New(testOptions(kubeconfig))
		if err != nil {
			t.Fatal(err)
		}
		var b graph.Builder
		if source.Collect(t.Context(), &b) != nil {
			return false // the role is not put together yet
		}
		return len(b.Snapshot().Gaps()) == 0
	})
	limited, admin := scan(t, testOptions(kubeconfig)), scan(t, testOptions(c.Kubeconfig()))
	if !slices.Equal(limited.Kinds(), admin.Kinds()) {
		t.Errorf("kinds %v, an administrator sees %v", limited.Kinds(), admin.Kinds())
	}
	out, err := c.Kubectl(t.Context(), "auth", "can-i", "get", "secrets", "--as=scanner", "-n", namespace)
	if err == nil || strings.TrimSpace(out) == "yes" { // kubectl fails on a no
		t.Error("the role may get single Secrets")
	}
}

const scannerBinding = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: scanner}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: foil-scan}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: scanner}]
`
