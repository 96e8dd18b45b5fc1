package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// dashboardRoleBound finds bindings to the role of the Kubernetes
// dashboard of anybody but the dashboard itself.
func dashboardRoleBound() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "dashboard-role-bound",
			Aliases: []string{"C-0014"},
			Title:   lang.Text{EN: "Rights of the Kubernetes dashboard are granted to others", ZH: "Kubernetes 仪表板的权限被授予其他主体"},
			Risk: lang.Text{
				EN: "The dashboard role shows and changes most of the cluster; any subject bound to it has those rights without the dashboard's login.",
				ZH: "仪表板角色可查看并修改集群的大部分内容；绑定到它的主体无需登录仪表板即拥有这些权限。",
			},
			Advice: lang.Text{
				EN: "Bind the role kubernetes-dashboard to the service account of the dashboard only.",
				ZH: "仅将 kubernetes-dashboard 角色绑定到仪表板自身的服务账户。",
			},
			Severity:   finding.Medium,
			Category:   "access",
			Techniques: []string{"MS-TA9005"},
			Frameworks: []finding.Reference{
				{Framework: "mitre"},
				{Framework: "cis-gke-v1.9.0"},
			},
			Fix: control.Fix{Change: "reduce-binding"},
		},
		Proof: []graph.Kind{rbac.RoleBindingKind, rbac.ClusterRoleBindingKind},
		Judge: func(f *facts, v *check.Verdicts) {
			for b := range f.bindings.All() {
				others := subjectsBesides(b, dashboard)
				if b.RoleRef().Get("name").Str() != dashboard || len(others) == 0 {
					v.Pass(b.Node)
					continue
				}
				v.Fail(b.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "%s has the rights of the Kubernetes dashboard.",
						ZH: "%s 拥有 Kubernetes 仪表板的权限。",
					}, subjectNames(others)),
					Evidence: bindingEvidence(b, others),
				})
			}
		},
	}
}

// dashboard is the name of the dashboard's role, service account and workload.
const dashboard = "kubernetes-dashboard"

func subjectsBesides(b *rbac.Binding, name string) []rbac.Subject {
	var others []rbac.Subject
	for _, s := range b.Subjects {
		if s.Name != name {
			others = append(others, s)
		}
	}
	return others
}
