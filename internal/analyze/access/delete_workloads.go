package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// deleteWorkloads finds who may delete what applications consist of.
func deleteWorkloads() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "delete-workloads",
		Aliases: []string{"C-0007"},
		Title:   lang.Text{EN: "Subject may delete workloads or Secrets", ZH: "主体可以删除工作负载或 Secret"},
		Risk: lang.Text{
			EN: "A stolen credential of this subject is enough to stop applications and destroy their Secrets.",
			ZH: "该主体的凭据一旦被盗，攻击者即可停止应用并销毁其 Secret。",
		},
		Advice: lang.Text{
			EN: "Grant delete and deletecollection on named resources only, to the controllers and people who need them.",
			ZH: "仅对确有需要的控制器和人员授予特定资源的 delete 与 deletecollection。",
		},
		Severity:   finding.Medium,
		Category:   "access",
		Techniques: []string{"MS-TA9038"},
		Frameworks: []finding.Reference{
			{Framework: "mitre"},
			{Framework: "clusterscan"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "delete workloads, Services or Secrets", ZH: "删除工作负载、Service 或 Secret"}, grant{
		verbs:     []string{"delete", "deletecollection"},
		groups:    []string{"", "apps", "batch"},
		resources: []string{"secrets", "pods", "services", "deployments", "replicasets", "daemonsets", "statefulsets", "jobs", "cronjobs"},
	})
}
