package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// namespaceWithoutAccounts finds namespaces in which every workload has to
// run as "default".
func namespaceWithoutAccounts() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "namespace-without-service-accounts",
			Aliases: []string{"C-0189"},
			Title:   lang.Text{EN: "Namespace has no service account but the default one", ZH: "命名空间除 default 外没有其他服务账户"},
			Risk: lang.Text{
				EN: "All workloads of the namespace share one identity: rights that one of them needs, all of them have.",
				ZH: "命名空间内的所有工作负载共用一个身份：其中一个需要的权限，全部都拥有。",
			},
			Advice: lang.Text{
				EN: "Create a service account for each workload that calls the API server.",
				ZH: "为每个调用 API 服务器的工作负载创建服务账户。",
			},
			Severity:   finding.Low,
			Category:   "access",
			Techniques: []string{"MS-TA9016"},
			Frameworks: []finding.Reference{
				{Framework: "cis-v1.12.0", Item: "5.1.5"},
				{Framework: "cis-v1.10.0", Item: "5.1.5"},
				{Framework: "cis-eks-t1.8.0"},
				{Framework: "cis-eks-t1.7.0"},
				{Framework: "cis-aks-t1.8.0"},
				{Framework: "cis-aks-t1.2.0"},
				{Framework: "cis-gke-v1.9.0"},
			},
			References: []string{"https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/"},
			Fix:        control.Fix{Change: "limit-token"},
		},
		Needs: []graph.Kind{workload.ServiceAccount},
		Judge: func(f *facts, v *check.Verdicts) {
			named := make(map[string]bool)
			for account := range f.snapshot.OfKind(workload.ServiceAccount) {
				if account.Name != "default" {
					named[account.Namespace] = true
				}
			}
			for n := range f.snapshot.OfKind("Namespace") {
				if named[n.Name] {
					v.Pass(n)
					continue
				}
				v.Fail(n, check.Fault{
					Message: check.Say(lang.Text{
						EN: "Namespace %s has no service account besides default.",
						ZH: "命名空间 %s 除 default 外没有服务账户。",
					}, n.Name),
					Evidence: []finding.Evidence{check.At(n.Object.At("metadata", "name"))},
				})
			}
		},
	}
}
