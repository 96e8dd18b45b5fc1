package rbac_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/derive/rbac"
)

func TestAllows(t *testing.T) {
	cases := []struct {
		resources             string
		verb, group, resource string
		want                  bool
	}{
		{"pods", "get", "", "pods", true},
		{"pods", "get", "", "pods/exec", false},
		{"pods/exec", "get", "", "pods/exec", true},
		{"pods/*", "get", "", "pods/exec", false}, // no wildcard for subresources
		{"*/exec", "get", "", "pods/exec", true},
		{"*/exec", "get", "", "pods/attach", false},
		{"*/exec", "get", "", "pods", false},
		{"*", "get", "", "pods/exec", true},
		{"*", "list", "", "pods", false},
		{"*", "get", "apps", "deployments", false},
	}
	for _, c := range cases {
		rule := rbac.Rule{Verbs: []string{"get"}, Groups: []string{""}, Resources: strings.Split(c.resources, ",")}
		if got := rule.Allows(c.verb, c.group, c.resource); got != c.want {
			t.Errorf("a rule for %q allows %s %s = %v, want %v", c.resources, c.verb, c.resource, got, c.want)
		}
	}
	all := rbac.Rule{Verbs: []string{"*"}, Groups: []string{"*"}, Resources: []string{"*"}}
	if !all.Allows("escalate", rbac.Group, "clusterroles") {
		t.Error("a rule of stars does not allow everything")
	}
}

// grants lists what the bindings of a snapshot grant, one line for each rule.
func grants(t *testing.T, text string) []string {
	t.Helper()
	var out []string
	for b := range rbac.NewIndex(facttest.Snapshot(t, text)).All() {
		line := fmt.Sprintf("%s in %q to %v:", b.Node.Name, b.Namespace, b.Subjects)
		if b.Role == nil {
			out = append(out, line+" nothing")
			continue
		}
		for _, rule := range b.Role.Rules {
			out = append(out, fmt.Sprintf("%s %s/%s", line, strings.Join(rule.Verbs, ","), strings.Join(rule.Resources, ",")))
		}
	}
	return out
}

const roles = `
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader, namespace: shop}, rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader, namespace: lab}, rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: reader}, rules: [{apiGroups: [""], resources: [nodes], verbs: [get]}]}
---
{apiVersion: example.com/v1, kind: ClusterRole, metadata: {name: fake}, rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]}
---
`

func TestBindings(t *testing.T) {
	cases := []struct{ name, binding, want string }{
		{"a Role counts in its own namespace only",
			`{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, roleRef: {kind: Role, name: reader}, subjects: [{kind: User, name: jo}]}`,
			`b in "shop" to [User jo]: get/pods`},
		{"a ClusterRole by a RoleBinding is limited to its namespace",
			`{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, roleRef: {kind: ClusterRole, name: reader}, subjects: [{kind: Group, name: g}]}`,
			`b in "shop" to [Group g]: get/nodes`},
		{"a ClusterRoleBinding counts everywhere",
			`{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: reader}, subjects: [{kind: ServiceAccount, name: a, namespace: shop}]}`,
			`b in "" to [ServiceAccount shop/a]: get/nodes`},
		{"an account without a namespace is of the binding's",
			`{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: lab}, roleRef: {kind: Role, name: reader}, subjects: [{kind: ServiceAccount, name: a}]}`,
			`b in "lab" to [ServiceAccount lab/a]: get/secrets`},
		{"a Role can't be bound for the cluster",
			`{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {kind: Role, name: reader}, subjects: [{kind: User, name: jo}]}`,
			`b in "" to [User jo]: nothing`},
		{"a role that does not exist grants nothing",
			`{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, roleRef: {kind: Role, name: gone}, subjects: []}`,
			`b in "shop" to []: nothing`},
		{"a kind of that name in another group is no role",
			`{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: fake}, subjects: []}`,
			`b in "" to []: nothing`},
	}
	for _, c := range cases {
		if got := grants(t, roles+c.binding); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: got %v, want %s", c.name, got, c.want)
		}
	}
}

func TestBuiltinRoles(t *testing.T) {
	const binding = `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: %s}, subjects: []}`
	want := map[string]bool{"cluster-admin": true, "admin": true, "edit": true, "view": false}
	for name, secrets := range want {
		for b := range rbac.NewIndex(facttest.Snapshot(t, fmt.Sprintf(binding, name))).All() {
			allows := slices.ContainsFunc(b.Role.Rules, func(r rbac.GrantedRule) bool { return r.Allows("get", "", "secrets") })
			if allows != secrets {
				t.Errorf("%s reads secrets = %v, want %v", name, allows, secrets)
			}
		}
	}
}

func TestAggregation(t *testing.T) {
	const parts = `
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: part, labels: {to: monitoring, rbac.authorization.k8s.io/aggregate-to-view: "true"}}, rules: [{apiGroups: [""], resources: [widgets], verbs: [get]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: circle, labels: {to: monitoring}}, aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: monitoring}}]}, rules: []}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: monitoring}, aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: monitoring}}]}, rules: []}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: filled}, aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: monitoring}}]}, rules: [{apiGroups: [""], resources: [filled], verbs: [get]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: %s}, subjects: []}
`
	for name, want := range map[string]string{"monitoring": "widgets", "filled": "filled", "view": "widgets", "edit": "widgets"} {
		got := grants(t, fmt.Sprintf(parts, name))
		if !slices.ContainsFunc(got, func(line string) bool { return strings.HasSuffix(line, "get/"+want) }) {
			t.Errorf("%s does not have the collected rule for %s: %v", name, want, got)
		}
	}
}

func TestOfAccount(t *testing.T) {
	const bindings = `
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: direct, namespace: shop}, subjects: [{kind: User, name: x}, {kind: ServiceAccount, name: a, namespace: shop}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: user, namespace: shop}, subjects: [{kind: User, name: "system:serviceaccount:shop:a"}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: all}, subjects: [{kind: Group, name: "system:serviceaccounts"}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: namespace}, subjects: [{kind: Group, name: "system:serviceaccounts:shop"}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: authenticated}, subjects: [{kind: Group, name: "system:authenticated"}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: other}, subjects: [{kind: ServiceAccount, name: a, namespace: lab}, {kind: Group, name: "system:serviceaccounts:lab"}]}
`
	x := rbac.NewIndex(facttest.Snapshot(t, bindings))
	var got []string
	for b, subject := range x.OfAccount("shop", "a") {
		got = append(got, b.Node.Name+" by "+subject.String())
	}
	want := []string{
		"direct by ServiceAccount shop/a", "user by User system:serviceaccount:shop:a",
		"namespace by Group system:serviceaccounts:shop", "all by Group system:serviceaccounts",
		"authenticated by Group system:authenticated",
	}
	if !slices.Equal(got, want) {
		t.Errorf("bindings of shop/a = %v, want %v", got, want)
	}
}
