package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// clusterAdminBound finds who is bound to cluster-admin for the whole
// cluster.
func clusterAdminBound() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "cluster-admin-bound",
			Aliases: []string{"C-0185"},
			Title:   lang.Text{EN: "Subject is bound to cluster-admin", ZH: "主体被绑定到 cluster-admin"},
			Risk: lang.Text{
				EN: "cluster-admin may do everything in every namespace and on every node; one stolen credential is the whole cluster.",
				ZH: "cluster-admin 可在所有命名空间和节点上执行一切操作；一个凭据被盗即失去整个集群。",
			},
			Advice: lang.Text{
				EN: "Bind a role with the rights that are used, and keep cluster-admin for break-glass accounts.",
				ZH: "改为绑定仅含所用权限的角色，cluster-admin 仅留给应急账户。",
			},
			Severity:   finding.High,
			Category:   "access",
			Techniques: []string{"MS-TA9019"},
			Frameworks: []finding.Reference{
				{Framework: "cis-v1.12.0", Item: "5.1.1"},
				{Framework: "cis-v1.10.0", Item: "5.1.1"},
				{Framework: "cis-eks-t1.8.0"},
				{Framework: "cis-eks-t1.7.0"},
				{Framework: "cis-aks-t1.8.0"},
				{Framework: "cis-aks-t1.2.0"},
				{Framework: "cis-gke-v1.9.0"},
			},
			References: []string{"https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles"},
			Fix:        control.Fix{Change: "reduce-binding"},
		},
		Proof: []graph.Kind{rbac.ClusterRoleBindingKind},
		Judge: func(f *facts, v *check.Verdicts) {
			everything := grant{verbs: []string{"*"}, groups: []string{""}, resources: []string{"*"}}
			for b := range f.bindings.All() {
				if b.Node.Kind != rbac.ClusterRoleBindingKind {
					continue
				}
				rules := everything.matches(b.Role)
				if len(rules) == 0 || b.Role.Name != "cluster-admin" || len(b.Subjects) == 0 {
					v.Pass(b.Node)
					continue
				}
				v.Fail(b.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "%s is bound to cluster-admin.",
						ZH: "%s 被绑定到 cluster-admin。",
					}, subjectNames(b.Subjects)),
					Evidence: append(bindingEvidence(b, b.Subjects), everything.evidence(rules)...),
				})
			}
		},
	}
}
