package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/cli"
)

// reader may list everything but Secrets and Roles.
const reader = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: e2e-reader}
rules:
- {apiGroups: [""], resources: [pods, services, serviceaccounts, configmaps, namespaces, nodes, endpoints, events, limitranges, persistentvolumeclaims, persistentvolumes, podtemplates, replicationcontrollers, resourcequotas], verbs: [list]}
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles, clusterrolebindings, rolebindings], verbs: [list]}
- {apiGroups: [apps, batch, autoscaling, networking.k8s.io, policy, storage.k8s.io, scheduling.k8s.io, coordination.k8s.io, discovery.k8s.io, node.k8s.io, apiextensions.k8s.io, apiregistration.k8s.io, admissionregistration.k8s.io, certificates.k8s.io, flowcontrol.apiserver.k8s.io, events.k8s.io, resource.k8s.io], resources: ["*"], verbs: [list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: e2e-reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: e2e-reader}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: waiter}]
`

// TestMissingRightsAreShown: what a user may not list is a gap, the controls that
// rest on it give no verdict, and the end is code 3.
func TestMissingRightsAreShown(t *testing.T) {
	c := shared.Cluster(t)
	shop.deploy(t, c)
	if err := c.Apply(t.Context(), reader); err != nil {
		t.Fatal(err)
	}
	kubeconfig, err := c.UserKubeconfig("waiter")
	if err != nil {
		t.Fatal(err)
	}
	r := scanned(t, cli.CodeIncomplete, "cluster", "--kubeconfig", kubeconfig)
	var hidden []string
	for _, g := range r.Coverage.Gaps {
		for _, kind := range g.Kinds {
			hidden = append(hidden, string(kind))
		}
		if !strings.Contains(g.Reason, "may not list it") {
			t.Errorf("%s: %s", g.Subject, g.Reason)
		}
	}
	slices.Sort(hidden)
	if want := []string{"Secret", "rbac.authorization.k8s.io/Role"}; !slices.Equal(hidden, want) {
		t.Errorf("hidden kinds %q, want %q", hidden, want)
	}
	silent := map[string]bool{}
	for _, n := range r.Coverage.NotEvaluated {
		silent[n.Rule] = true
	}
	for _, rule := range []string{"role-to-review", "object-in-default-namespace"} {
		if !silent[rule] {
			t.Errorf("%s claims to be evaluated without the objects that it judges", rule)
		}
	}
	for _, f := range r.Findings {
		if f.Object.Kind == "Secret" || f.Object.Kind == "Role" {
			t.Errorf("a finding on %s, which could not be read", f.Node)
		}
	}
	all := verdicts(scanned(t, cli.CodeClean, "cluster", "--kubeconfig", c.Kubeconfig()))
	if invented := missing(verdicts(r), all); len(invented) > 0 {
		t.Errorf("found with few rights and not with all: %q", invented)
	}

	// The table tells it, and a framework does not look better for it.
	code, out, errors := foil(t, "scan", "cluster", "--kubeconfig", kubeconfig, "--framework", "nsa")
	if code != cli.CodeIncomplete || !strings.Contains(out, "INCOMPLETE") || !strings.Contains(out, "secrets") || !strings.HasPrefix(errors, "foil: incomplete: ") {
		t.Errorf("code %d, errors %s, output\n%s", code, errors, out)
	}
}

// TestStrangers: a user without any rights can't run a scan at all, and is told.
func TestStrangers(t *testing.T) {
	c := shared.Cluster(t)
	kubeconfig, err := c.UserKubeconfig("nobody-at-all")
	if err != nil {
		t.Fatal(err)
	}
	code, out, errors := foil(t, "scan", "cluster", "--kubeconfig", kubeconfig)
	if code != cli.CodeIncomplete && code != cli.CodeFailed || errors == "" {
		t.Errorf("code %d, errors %q, output\n%s", code, errors, out)
	}
	if code == cli.CodeIncomplete && !strings.Contains(out, "INCOMPLETE") {
		t.Errorf("the table does not say that nothing was seen:\n%s", out)
	}
}
