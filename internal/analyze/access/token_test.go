package access_test

import (
	"fmt"
	"testing"

	"github.com/foilsec/foil/internal/analyze/access"
	"github.com/foilsec/foil/internal/analyze/check/checktest"
	"github.com/foilsec/foil/internal/derive/facttest"
)

func TestTokenMounted(t *testing.T) {
	const account = `{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, automountServiceAccountToken: %s}
---
`
	cases := []struct {
		account, pod string
		want         int
	}{
		{"", "", 1},
		{"", "automountServiceAccountToken: false", 0},
		{"", "automountServiceAccountToken: true", 1},
		{fmt.Sprintf(account, "false"), "", 0},
		{fmt.Sprintf(account, "false"), "automountServiceAccountToken: true", 1},
		{fmt.Sprintf(account, "true"), "automountServiceAccountToken: false", 0},
		{fmt.Sprintf(account, "null"), "", 1},
	}
	for _, c := range cases {
		pod := "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {serviceAccountName: a, " + c.pod + "}}"
		v := analyzeAll(t, facttest.Snapshot(t, c.account+pod))
		if got := len(v.Failed("token-mounted")); got != c.want {
			t.Errorf("account %q, pod %q: %d findings, want %d", c.account, c.pod, got, c.want)
		}
	}
}

func TestTokenMountedFix(t *testing.T) {
	v := analyzeAll(t, facttest.Snapshot(t, `{apiVersion: batch/v1, kind: CronJob, metadata: {name: c}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: x}]}}}}}}`))
	for _, f := range v.Findings {
		if f.Rule == "token-mounted" {
			fix := f.Fixes[0]
			if fix.Path != "spec.jobTemplate.spec.template.spec.automountServiceAccountToken" || fix.Value != "false" {
				t.Errorf("fix = %+v", fix)
			}
			return
		}
	}
	t.Error("no finding")
}

func TestOwnedPodsAreReportedOnce(t *testing.T) {
	v := analyzeAll(t, facttest.Snapshot(t, `
{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: r}, spec: {template: {spec: {}}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: r, controller: true}]}}
`))
	if got := v.Failed("token-mounted"); len(got) != 1 || got[0] != "k8s:apps/ReplicaSet:default/r" {
		t.Errorf("failed = %v, want the ReplicaSet alone", got)
	}
}

const workloads = `
{apiVersion: v1, kind: Pod, metadata: {name: strong}, spec: {serviceAccountName: strong}}
---
{apiVersion: v1, kind: Pod, metadata: {name: tokenless}, spec: {serviceAccountName: strong, automountServiceAccountToken: false}}
---
{apiVersion: v1, kind: Pod, metadata: {name: weak}, spec: {serviceAccountName: weak}}
---
{apiVersion: v1, kind: Pod, metadata: {name: plain}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: strong}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: weak}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: cluster-admin}, subjects: [{kind: ServiceAccount, name: strong, namespace: default}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: v}, roleRef: {kind: ClusterRole, name: view}, subjects: [{kind: ServiceAccount, name: weak}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: "system:discovery", labels: {kubernetes.io/bootstrapping: rbac-defaults}}, roleRef: {kind: ClusterRole, name: "system:discovery"}, subjects: [{kind: Group, name: "system:authenticated"}]}
`

func TestRightsOfWorkloads(t *testing.T) {
	checktest.Expect(t, access.New(), workloads, map[string]string{
		"token-with-rights":         "[k8s:Pod:default/strong k8s:Pod:default/weak]",
		"workload-takes-over":       "[k8s:Pod:default/strong]",
		"workload-is-administrator": "[k8s:Pod:default/strong]",
		"cluster-admin-bound":       "[k8s:rbac.authorization.k8s.io/ClusterRoleBinding:b]",
		"missing-service-account":   "[]",
	})
}

func TestNamedControls(t *testing.T) {
	checktest.Expect(t, access.New(), `
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: lab}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: runner, namespace: shop}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: lab}}
---
{apiVersion: v1, kind: Pod, metadata: {name: lost, namespace: shop}, spec: {serviceAccountName: gone}}
---
{apiVersion: v1, kind: Pod, metadata: {name: thief, namespace: shop}, spec: {serviceAccountName: kubernetes-dashboard}}
---
{apiVersion: v1, kind: Pod, metadata: {name: kubernetes-dashboard-1, namespace: shop}, spec: {serviceAccountName: kubernetes-dashboard}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: d}, roleRef: {kind: ClusterRole, name: kubernetes-dashboard}, subjects: [{kind: User, name: jo}, {kind: ServiceAccount, name: kubernetes-dashboard, namespace: shop}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: own}, roleRef: {kind: ClusterRole, name: kubernetes-dashboard}, subjects: [{kind: ServiceAccount, name: kubernetes-dashboard, namespace: shop}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: watcher}, rules: [{apiGroups: [""], resources: [nodes], verbs: [get]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: everybody}, roleRef: {kind: ClusterRole, name: watcher}, subjects: [{kind: Group, name: "system:authenticated"}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: account, namespace: shop}, roleRef: {kind: ClusterRole, name: watcher}, subjects: [{kind: ServiceAccount, name: runner, namespace: shop}]}
`, map[string]string{
		"namespace-without-service-accounts": "[k8s:Namespace:lab]",
		"missing-service-account":            "[k8s:Pod:shop/kubernetes-dashboard-1 k8s:Pod:shop/lost k8s:Pod:shop/thief]",
		"dashboard-account-used":             "[k8s:Pod:shop/thief]",
		"dashboard-role-bound":               "[k8s:rbac.authorization.k8s.io/ClusterRoleBinding:d]",
		"authenticated-has-rights":           "[k8s:rbac.authorization.k8s.io/ClusterRoleBinding:everybody]",
		"account-has-rights":                 "[k8s:rbac.authorization.k8s.io/RoleBinding:shop/account]",
	})
}
