package cluster

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/test/cluster/kubetest"
)

const podReader = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: pod-reader}
rules:
- {apiGroups: [""], resources: [pods, namespaces], verbs: [list]}
- {apiGroups: [apps], resources: [deployments], verbs: [list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: pod-reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: pod-reader}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: waiter}]
`

func TestForbiddenKindsAreGaps(t *testing.T) {
	c := shared.Cluster(t)
	namespace := kubetest.Namespace(t, c)
	apply(t, c, fmt.Sprintf(shopManifest, namespace))
	s := scan(t, testOptions(userWith(t, c, "waiter", podReader)))

	if _, ok := s.Node(graph.ObjectID("apps", "Deployment", namespace, "kitchen")); !ok {
		t.Error("the deployment, which may be listed, is not there")
	}
	for subject, kind := range map[string]graph.Kind{
		"secrets":                         "Secret",
		"configmaps":                      "ConfigMap",
		"roles.rbac.authorization.k8s.io": "rbac.authorization.k8s.io/Role",
		"nodes":                           "Node",
	} {
		gap, ok := gapAbout(s, subject)
		if !ok {
			t.Errorf("no gap about %s", subject)
			continue
		}
		group, resource := "", strings.Split(subject, ".")[0]
		if i := strings.IndexByte(string(kind), '/'); i >= 0 {
			group = string(kind[:i])
		}
		rule := fmt.Sprintf("ClusterRole: {apiGroups: [%q], resources: [%q], verbs: [list]}", group, resource)
		if !strings.Contains(gap.Reason, rule) {
			t.Errorf("%s: reason %q, want the rule %s", subject, gap.Reason, rule)
		}
		if s.Sees(kind) || s.CountOf(kind) != 0 {
			t.Errorf("%s: Sees %v, %d nodes", kind, s.Sees(kind), s.CountOf(kind))
		}
	}
	for _, kind := range []graph.Kind{"Pod", "Namespace", "apps/Deployment"} {
		if !s.Sees(kind) {
			t.Errorf("%s is in a gap although it may be listed", kind)
		}
	}
}

func TestNoRightsAtAllIsAnError(t *testing.T) {
	c := shared.Cluster(t)
	path, err := c.UserKubeconfig("nobody")
	if err != nil {
		t.Fatal(err)
	}
	source, err := New(testOptions(path))
	if err != nil {
		t.Fatal(err)
	}
	var b graph.Builder
	err = source.Collect(t.Context(), &b)
	if err == nil || !strings.Contains(err.Error(), "could be read") || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("error %v, want that nothing could be read by nobody", err)
	}
}

func TestNamespaceSelection(t *testing.T) {
	c := shared.Cluster(t)
	kitchen, cellar := kubetest.Namespace(t, c), kubetest.Namespace(t, c)
	apply(t, c, fmt.Sprintf(shopManifest, kitchen))
	apply(t, c, fmt.Sprintf(shopManifest, cellar))

	s := scan(t, testOptions(c.Kubeconfig(), kitchen, "no-such-namespace", kitchen))
	seen := make(map[string]bool)
	for n := range s.Nodes() {
		if n.Namespace != "" {
			seen[n.Namespace] = true
		}
	}
	if len(seen) != 1 || !seen[kitchen] {
		t.Errorf("namespaces %v, want %s alone", seen, kitchen)
	}
	if n, ok := s.Node(graph.ObjectID("apps", "Deployment", kitchen, "kitchen")); !ok || strings.Contains(string(n.ID), "@") {
		t.Error("the deployment of the selected namespace is not there")
	}
	if s.CountOf("rbac.authorization.k8s.io/ClusterRole") == 0 {
		t.Error("objects outside of namespaces are not there")
	}
	if len(s.Gaps()) != 1 || s.Gaps()[0].Subject != "namespace no-such-namespace" {
		t.Errorf("gaps %+v, want one about the namespace that does not exist", s.Gaps())
	}
}

const namespaceViewer = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: cook-views, namespace: %[1]s}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: cook}]
`

// A user who may see a single namespace, with the role that Kubernetes has for
// that.
func TestUserOfOneNamespace(t *testing.T) {
	c := shared.Cluster(t)
	kitchen := kubetest.Namespace(t, c)
	apply(t, c, fmt.Sprintf(shopManifest, kitchen))
	kubeconfig := userWith(t, c, "cook", fmt.Sprintf(namespaceViewer, kitchen))

	s := scan(t, testOptions(kubeconfig, kitchen))
	for _, id := range []graph.NodeID{
		graph.ObjectID("apps", "Deployment", kitchen, "kitchen"),
		graph.ObjectID("", "Namespace", "", kitchen),
	} {
		if _, ok := s.Node(id); !ok {
			t.Errorf("%s is not there", id)
		}
	}
	if !s.Sees("Namespace") || s.Sees("Node") {
		t.Errorf("sees Namespace %v, Node %v; want only the first", s.Sees("Namespace"), s.Sees("Node"))
	}
	gap, ok := gapAbout(s, "secrets in namespace "+kitchen)
	if want := "Role in namespace " + kitchen; !ok || !strings.Contains(gap.Reason, want) {
		t.Errorf("gap about Secrets: %v %q, want one with %q", ok, gap.Reason, want)
	}
	if i := slices.IndexFunc(s.Gaps(), func(g graph.Gap) bool { return strings.HasPrefix(g.Subject, "namespace ") }); i >= 0 {
		t.Errorf("unexpected gap: %+v", s.Gaps()[i])
	}
}
