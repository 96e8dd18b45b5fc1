package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// createTokens finds who may issue tokens of service accounts.
func createTokens() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "create-tokens",
		Aliases: []string{"C-0282"},
		Title:   lang.Text{EN: "Subject may issue service account tokens", ZH: "主体可以签发服务账户令牌"},
		Risk: lang.Text{
			EN: "The subject can issue itself a token of any service account in scope and act with its rights.",
			ZH: "主体可为自己签发范围内任意服务账户的令牌，并以其权限行事。",
		},
		Advice: lang.Text{
			EN: "Remove create on serviceaccounts/token, or restrict it by resourceNames.",
			ZH: "去掉对 serviceaccounts/token 的 create，或用 resourceNames 加以限制。",
		},
		Severity:   finding.High,
		Category:   "access",
		Techniques: []string{"MS-TA9016"},
		Frameworks: []finding.Reference{
			{Framework: "cis-v1.12.0", Item: "5.1.13"},
			{Framework: "cis-v1.10.0", Item: "5.1.13"},
			{Framework: "cis-eks-t1.8.0"},
			{Framework: "cis-aks-t1.8.0"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "issue tokens of service accounts", ZH: "签发服务账户令牌"}, grant{
		verbs:     []string{"create"},
		groups:    []string{""},
		resources: []string{"serviceaccounts/token"},
	})
}
