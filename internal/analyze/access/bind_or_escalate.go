package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// bindOrEscalate finds who may hand out rights that they do not have.
func bindOrEscalate() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "bind-or-escalate",
		Aliases: []string{"C-0191"},
		Title:   lang.Text{EN: "Subject may bind or escalate roles", ZH: "主体可以绑定或提升角色"},
		Risk: lang.Text{
			EN: "The verbs bind and escalate switch off the check that nobody grants more than they have: the subject can make itself administrator.",
			ZH: "bind 与 escalate 会关闭“不得授予超出自身权限”的检查：主体可使自己成为管理员。",
		},
		Advice: lang.Text{
			EN: "Remove bind and escalate; if a controller needs bind, restrict it by resourceNames to the roles it hands out.",
			ZH: "去掉 bind 与 escalate；若控制器需要 bind，用 resourceNames 限制为它要授予的角色。",
		},
		Severity:   finding.High,
		Category:   "access",
		Techniques: []string{"MS-TA9019"},
		Frameworks: []finding.Reference{
			{Framework: "cis-v1.12.0", Item: "5.1.8"},
			{Framework: "cis-v1.10.0", Item: "5.1.8"},
			{Framework: "cis-eks-t1.8.0"},
			{Framework: "cis-eks-t1.7.0"},
			{Framework: "cis-gke-v1.9.0"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "bind or escalate roles", ZH: "绑定或提升角色"}, grant{
		verbs:     []string{"bind", "escalate"},
		groups:    []string{"rbac.authorization.k8s.io"},
		resources: []string{"roles", "clusterroles"},
	})
}
