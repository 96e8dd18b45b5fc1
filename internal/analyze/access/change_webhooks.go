package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// changeWebhooks finds who may change admission webhooks.
func changeWebhooks() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "change-webhooks",
		Aliases: []string{"C-0281"},
		Title:   lang.Text{EN: "Subject may change admission webhooks", ZH: "主体可以修改准入 webhook"},
		Risk: lang.Text{
			EN: "A webhook sees every object that is admitted, Secrets included, and a mutating one rewrites them; deleting one removes a guard.",
			ZH: "webhook 能看到所有被准入的对象（包括 Secret），变更型 webhook 还能改写它们；删除 webhook 则会移除防护。",
		},
		Advice: lang.Text{
			EN: "Let only the operators of the cluster create, change or delete webhook configurations.",
			ZH: "仅允许集群运维人员创建、修改或删除 webhook 配置。",
		},
		Severity:   finding.High,
		Category:   "access",
		Techniques: []string{"MS-TA9015"},
		Frameworks: []finding.Reference{
			{Framework: "cis-v1.12.0", Item: "5.1.12"},
			{Framework: "cis-v1.10.0", Item: "5.1.12"},
			{Framework: "cis-eks-t1.8.0"},
			{Framework: "cis-aks-t1.8.0"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "change admission webhooks", ZH: "修改准入 webhook"}, grant{
		verbs:     []string{"create", "update", "patch", "delete"},
		groups:    []string{"admissionregistration.k8s.io"},
		resources: []string{"validatingwebhookconfigurations", "mutatingwebhookconfigurations"},
	})
}
