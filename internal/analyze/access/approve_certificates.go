package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// approveCertificates finds who may approve certificates.
func approveCertificates() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "approve-certificates",
		Aliases: []string{"C-0280"},
		Title:   lang.Text{EN: "Subject may approve certificate signing requests", ZH: "主体可以批准证书签名请求"},
		Risk: lang.Text{
			EN: "Who approves certificates can have one made for any user or node and log in with it.",
			ZH: "能批准证书者可为任意用户或节点签发证书并以其登录。",
		},
		Advice: lang.Text{
			EN: "Keep update on certificatesigningrequests/approval to the approving controller.",
			ZH: "仅让批准控制器拥有 certificatesigningrequests/approval 的 update 权限。",
		},
		Severity:   finding.Medium,
		Category:   "access",
		Techniques: []string{"MS-TA9019"},
		Frameworks: []finding.Reference{
			{Framework: "cis-v1.12.0", Item: "5.1.11"},
			{Framework: "cis-v1.10.0", Item: "5.1.11"},
			{Framework: "cis-aks-t1.8.0"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#csrs-and-certificate-issuing"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "approve certificate signing requests", ZH: "批准证书签名请求"}, grant{
		verbs:     []string{"update", "patch"},
		groups:    []string{"certificates.k8s.io"},
		resources: []string{"certificatesigningrequests/approval"},
	})
}
