package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// readSecrets finds who may read Secrets.
func readSecrets() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "read-secrets",
		Aliases: []string{"C-0015", "C-0186"},
		Title:   lang.Text{EN: "Subject may read Secrets", ZH: "主体可以读取 Secret"},
		Risk: lang.Text{
			EN: "Secrets hold passwords, keys and tokens. To list or watch them returns their content as get does.",
			ZH: "Secret 保存着口令、密钥与令牌。list 与 watch 和 get 一样会返回其内容。",
		},
		Advice: lang.Text{
			EN: "Give applications their Secrets as volumes instead, or restrict the rule to get on the resourceNames that are needed.",
			ZH: "改为以卷的形式向应用提供 Secret，或将规则限制为对所需 resourceNames 的 get。",
		},
		Severity:   finding.High,
		Category:   "access",
		Techniques: []string{"MS-TA9025"},
		Frameworks: []finding.Reference{
			{Framework: "mitre"},
			{Framework: "clusterscan"},
			{Framework: "soc2"},
			{Framework: "cis-v1.12.0", Item: "5.1.2"},
			{Framework: "cis-v1.10.0", Item: "5.1.2"},
			{Framework: "cis-eks-t1.8.0"},
			{Framework: "cis-eks-t1.7.0"},
			{Framework: "cis-aks-t1.8.0"},
			{Framework: "cis-aks-t1.2.0"},
			{Framework: "cis-gke-v1.9.0"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "read Secrets", ZH: "读取 Secret"}, grant{
		verbs:     []string{"get", "list", "watch"},
		groups:    []string{""},
		resources: []string{"secrets"},
	})
}
