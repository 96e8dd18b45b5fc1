package kube_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/test/cluster/kubetest"
)

const shop = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: kitchen}
spec:
  replicas: 3
  selector: {matchLabels: {app: kitchen}}
  template:
    metadata: {labels: {app: kitchen}}
    spec:
      initContainers:
      - {name: prepare, image: "example.org/prepare:1"}
      containers:
      - {name: kitchen, image: "example.org/kitchen:1", ports: [{containerPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: kitchen}
spec:
  selector: {app: kitchen}
  ports: [{port: 80, targetPort: 8080}]
`

// A Deployment goes the whole way: controller manager, scheduler, fake node
// and endpoints.
func TestDeploymentRunsOnFakeNodes(t *testing.T) {
	c := shared.Cluster(t)
	namespace := kubetest.Namespace(t, c)
	kubectl := func(args ...string) string {
		t.Helper()
		out, err := c.Kubectl(t.Context(), append([]string{"--namespace", namespace}, args...)...)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if err := c.Apply(t.Context(), strings.ReplaceAll(shop, "metadata: {name: kitchen}", "metadata: {name: kitchen, namespace: "+namespace+"}")); err != nil {
		t.Fatal(err)
	}
	kubectl("rollout", "status", "deployment/kitchen", "--timeout=120s")

	nodes := strings.Fields(kubectl("get", "pods", "-o", `jsonpath={range .items[*]}{.spec.nodeName}{"\n"}{end}`))
	if len(nodes) != 3 {
		t.Fatalf("%d pods have a node, want 3: %v", len(nodes), nodes)
	}
	for _, n := range nodes {
		if !strings.HasPrefix(n, "fake-") {
			t.Errorf("a pod is on node %q, want a fake one", n)
		}
	}
	waitForEndpoints(t, 3, func() string {
		return kubectl("get", "endpointslices", "--selector=kubernetes.io/service-name=kitchen",
			"-o", "jsonpath={.items[*].endpoints[*].conditions.ready}")
	})
	addresses := map[string]bool{}
	for a := range strings.FieldsSeq(kubectl("get", "pods", "-o", `jsonpath={.items[*].status.podIP}`)) {
		addresses[a] = true
	}
	if len(addresses) != 3 {
		t.Errorf("pods have %d different addresses, want 3: %v", len(addresses), addresses)
	}

	kubectl("delete", "deployment", "kitchen", "--timeout=60s")
	kubectl("wait", "pods", "--all", "--for=delete", "--timeout=60s")
}

// waitForEndpoints asks until so many endpoints are ready. "kubectl wait" can't:
// it gives up when the list is still shorter than the element it waits for.
func waitForEndpoints(t *testing.T, want int, ready func() string) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		got := ready()
		if strings.Count(got, "true") == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("endpoints ready are %q, want %d of them", got, want)
		}
	}
}

func TestUserSeesOnlyWhatItMay(t *testing.T) {
	c := shared.Cluster(t)
	namespace := kubetest.Namespace(t, c)
	config, err := c.UserKubeconfig("waiter", "staff")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Kubectl(t.Context(), "create", "rolebinding", "staff", "--clusterrole=view", "--group=staff", "--namespace", namespace); err != nil {
		t.Fatal(err)
	}
	// The API server learns of new bindings a moment later.
	as := func(args ...string) (string, error) {
		return c.Kubectl(t.Context(), append([]string{"--kubeconfig", config}, args...)...)
	}
	deadline := time.Now().Add(time.Minute)
	_, err = as("get", "pods", "--namespace", namespace)
	for err != nil && time.Now().Before(deadline) {
		_, err = as("get", "pods", "--namespace", namespace)
	}
	if err != nil {
		t.Errorf("a user with the view role cannot list pods: %v", err)
	}
	_, err = as("get", "secrets", "--namespace", namespace)
	if err == nil {
		t.Fatal("a user with the view role can list secrets")
	}
	requireContains(t, err.Error(), `User "waiter" cannot list resource "secrets"`)
}

func TestAuditLogRecordsRequests(t *testing.T) {
	c := shared.Cluster(t)
	// Making the namespace is the request to look for. It is on disk before
	// the client gets its answer.
	namespace := kubetest.Namespace(t, c)
	log, err := os.ReadFile(c.AuditLog())
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(log)) {
		var event struct {
			Verb      string
			User      struct{ Username string }
			ObjectRef struct{ Resource, Name string }
		}
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("audit event %q: %v", line, err)
		}
		if event.Verb == "create" && event.ObjectRef.Name == namespace && event.User.Username == "admin" {
			return
		}
	}
	t.Errorf("no event for the creation of namespace %s in %d bytes of audit log", namespace, len(log))
}

func TestServerReportsItsVersion(t *testing.T) {
	c := shared.Cluster(t)
	out, err := c.Kubectl(t.Context(), "version", "-o", "json")
	if err != nil {
		t.Fatal(err)
	}
	var version struct {
		ClientVersion, ServerVersion struct{ GitVersion, Minor string }
	}
	if err := json.Unmarshal([]byte(out), &version); err != nil {
		t.Fatal(err)
	}
	if version.ClientVersion != version.ServerVersion || !strings.HasPrefix(version.ServerVersion.GitVersion, "v1.36.") || version.ServerVersion.Minor != "36" {
		t.Errorf("versions: %+v", version)
	}
}
