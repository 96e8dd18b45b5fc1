package access

import (
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// dashboardAccountUsed finds workloads that run as the Kubernetes
// dashboard without being it.
func dashboardAccountUsed() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "dashboard-account-used",
			Aliases: []string{"C-0014"},
			Title:   lang.Text{EN: "Workload runs with the account of the Kubernetes dashboard", ZH: "工作负载使用 Kubernetes 仪表板的服务账户运行"},
			Risk: lang.Text{
				EN: "The workload carries the dashboard's token and with it the dashboard's rights on the cluster.",
				ZH: "该工作负载携带仪表板的令牌，从而拥有其对集群的权限。",
			},
			Advice: lang.Text{
				EN: "Give the workload a service account of its own.",
				ZH: "为该工作负载创建独立的服务账户。",
			},
			Severity:   finding.Medium,
			Category:   "access",
			Techniques: []string{"MS-TA9016"},
			Frameworks: []finding.Reference{
				{Framework: "mitre"},
				{Framework: "cis-gke-v1.9.0"},
			},
			Fix: control.Fix{Change: "limit-token", Steps: []control.Step{{Operation: finding.Delete, On: "pod", Path: "serviceAccountName", Value: ""}}},
		},
		Judge: func(f *facts, v *check.Verdicts) {
			for w := range f.workloads.Top() {
				account, field := w.ServiceAccount()
				if account != dashboard || strings.HasPrefix(w.Node.Name, dashboard) {
					v.Pass(w.Node)
					continue
				}
				v.Fail(w.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "%s runs as the service account of the Kubernetes dashboard.",
						ZH: "%s 以 Kubernetes 仪表板的服务账户运行。",
					}, check.Name(w.Node.ID)),
					Evidence: []finding.Evidence{check.At(field)},
				})
			}
		},
	}
}
