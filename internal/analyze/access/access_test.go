package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/analyze/access"
	"github.com/foilsec/foil/internal/analyze/check/checktest"
	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/graph"
)

func analyzeAll(t *testing.T, s *graph.Snapshot) *checktest.Verdicts {
	t.Helper()
	return checktest.Run(t, access.New(), s, nil)
}

func TestMetadata(t *testing.T) { checktest.Metadata(t, access.New()) }

func TestOddObjects(t *testing.T) { checktest.Odd(t, access.New()) }

const boundRole = `
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r}, rules: [%s]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: r}, subjects: [{kind: User, name: jo, apiGroup: rbac.authorization.k8s.io}]}
`

func TestGrants(t *testing.T) {
	// Each rule, with a right that breaks it and one that is next to it.
	cases := []struct{ rule, broken, harmless string }{
		{"exec-into-pods", `{verbs: [create], apiGroups: [""], resources: [pods/exec]}`, `{verbs: [get], apiGroups: [""], resources: [pods/exec]}`},
		{"delete-workloads", `{verbs: [deletecollection], apiGroups: [apps], resources: [deployments]}`, `{verbs: [delete], apiGroups: [""], resources: [configmaps]}`},
		{"read-secrets", `{verbs: [watch], apiGroups: ["*"], resources: [secrets]}`, `{verbs: [create], apiGroups: [""], resources: [secrets]}`},
		{"delete-events", `{verbs: ["*"], apiGroups: [""], resources: [events]}`, `{verbs: [get], apiGroups: [""], resources: [events]}`},
		{"administrator-role", `{verbs: ["*"], apiGroups: ["*"], resources: ["*"]}`, `{verbs: ["*"], apiGroups: [apps], resources: ["*"]}`},
		{"change-cluster-dns", `{verbs: [patch], apiGroups: [""], resources: [configmaps], resourceNames: [coredns]}`, `{verbs: [patch], apiGroups: [""], resources: [configmaps], resourceNames: [mine]}`},
		{"forward-ports", `{verbs: [create], apiGroups: [""], resources: [pods/portforward]}`, `{verbs: [create], apiGroups: [""], resources: [pods]}`},
		{"impersonate-users", `{verbs: [impersonate], apiGroups: [""], resources: [groups]}`, `{verbs: [get], apiGroups: [""], resources: [groups]}`},
		{"bind-or-escalate", `{verbs: [bind], apiGroups: [rbac.authorization.k8s.io], resources: [roles]}`, `{verbs: [bind], apiGroups: [""], resources: [roles]}`},
		{"create-pods", `{verbs: [create], apiGroups: [""], resources: [pods]}`, `{verbs: [get], apiGroups: [""], resources: [pods]}`},
		{"create-persistent-volumes", `{verbs: [create], apiGroups: [""], resources: [persistentvolumes]}`, `{verbs: [create], apiGroups: [""], resources: [persistentvolumeclaims]}`},
		{"node-proxy", `{verbs: [get], apiGroups: [""], resources: [nodes/proxy]}`, `{verbs: [get], apiGroups: [""], resources: [nodes]}`},
		{"approve-certificates", `{verbs: [update], apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval]}`, `{verbs: [update], apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests]}`},
		{"change-webhooks", `{verbs: [create], apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations]}`, `{verbs: [get], apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations]}`},
		{"create-tokens", `{verbs: [create], apiGroups: [""], resources: [serviceaccounts/token]}`, `{verbs: [create], apiGroups: [""], resources: [serviceaccounts]}`},
	}
	for _, c := range cases {
		v := analyzeAll(t, facttest.Snapshot(t, fmt.Sprintf(boundRole, c.broken)))
		if got := v.Failed(c.rule); len(got) != 1 || got[0] != "k8s:rbac.authorization.k8s.io/ClusterRoleBinding:b" {
			t.Errorf("%s: a role with %s fails %v, want the binding", c.rule, c.broken, got)
		}
		v = analyzeAll(t, facttest.Snapshot(t, fmt.Sprintf(boundRole, c.harmless)))
		if got := v.Failed(c.rule); len(got) != 0 {
			t.Errorf("%s: a role with %s fails %v, want nothing", c.rule, c.harmless, got)
		}
		if v.Evaluations[c.rule] != 1 {
			t.Errorf("%s: evaluated %d bindings, want 1", c.rule, v.Evaluations[c.rule])
		}
	}
}

func TestGrantEvidence(t *testing.T) {
	v := analyzeAll(t, facttest.Snapshot(t, fmt.Sprintf(boundRole, `{verbs: [get, list], apiGroups: [""], resources: [pods, secrets]}`)))
	for _, f := range v.Findings {
		if f.Rule != "read-secrets" {
			continue
		}
		if f.Message.EN != "User jo may read Secrets everywhere in the cluster, granted by ClusterRole r." {
			t.Errorf("message = %q", f.Message.EN)
		}
		var got []string
		for _, e := range f.Evidence {
			got = append(got, fmt.Sprintf("%s %s=%s line %d", strings.TrimPrefix(string(e.Node), "k8s:"), e.Path, e.Value, e.Position.Line))
		}
		want := []string{
			" subjects[0]=User jo line 4", " roleRef.name=r line 4",
			"rbac.authorization.k8s.io/ClusterRole:r rules[0].resources[1]=secrets line 2",
			"rbac.authorization.k8s.io/ClusterRole:r rules[0].verbs[0]=get line 2",
			"rbac.authorization.k8s.io/ClusterRole:r rules[0].verbs[1]=list line 2",
			"rbac.authorization.k8s.io/ClusterRole:r rules[0].apiGroups[0]= line 2",
		}
		if !slices.Equal(got, want) {
			t.Errorf("evidence = %q, want %q", got, want)
		}
		return
	}
	t.Error("no finding")
}

func TestHiddenKinds(t *testing.T) {
	var b graph.Builder
	if err := facttest.Add(&b, fmt.Sprintf(boundRole, `{verbs: [get], apiGroups: [""], resources: [secrets]}`)); err != nil {
		t.Fatal(err)
	}
	if err := facttest.Add(&b, `{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {serviceAccountName: gone}}`); err != nil {
		t.Fatal(err)
	}
	b.AddGap(graph.Gap{Subject: "roles", Kinds: []graph.Kind{rbac.RoleKind, "ServiceAccount"}})
	v := analyzeAll(t, b.Snapshot())
	if len(v.Failed("read-secrets")) != 1 || v.Evaluations["read-secrets"] != 1 {
		t.Error("a fault that is visible must stand when other roles are hidden")
	}
	if v.Evaluations["create-pods"] != 0 || !slices.Contains(v.NotEvaluable, "create-pods") {
		t.Errorf("create-pods passed although roles were hidden: evaluated %d", v.Evaluations["create-pods"])
	}
	if len(v.Failed("missing-service-account")) != 0 || !slices.Contains(v.NotEvaluable, "missing-service-account") {
		t.Error("an account that could not be read must not count as missing")
	}
	if len(v.Failed("token-mounted")) != 0 {
		t.Error("a silent pod must not fail while its account is hidden")
	}
}
