package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// impersonateUsers finds who may act as somebody else.
func impersonateUsers() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "impersonate-users",
		Aliases: []string{"C-0065", "C-0191"},
		Title:   lang.Text{EN: "Subject may impersonate others", ZH: "主体可以冒充他人"},
		Risk: lang.Text{
			EN: "Impersonation gives the rights of any user, group or service account, up to system:masters.",
			ZH: "冒充可获得任意用户、组或服务账户的权限，直至 system:masters。",
		},
		Advice: lang.Text{
			EN: "Remove the verb impersonate, or restrict it by resourceNames to the identities that are needed.",
			ZH: "去掉 impersonate 动词，或用 resourceNames 将其限制在所需身份。",
		},
		Severity:   finding.High,
		Category:   "access",
		Techniques: []string{"MS-TA9019"},
		Frameworks: []finding.Reference{
			{Framework: "armobest"},
			{Framework: "cis-v1.12.0", Item: "5.1.8"},
			{Framework: "cis-v1.10.0", Item: "5.1.8"},
			{Framework: "cis-eks-t1.8.0"},
			{Framework: "cis-eks-t1.7.0"},
			{Framework: "cis-gke-v1.9.0"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#impersonate-verb"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "impersonate users, groups or service accounts", ZH: "冒充用户、组或服务账户"}, grant{
		verbs:     []string{"impersonate"},
		groups:    []string{"", "authentication.k8s.io"},
		resources: []string{"users", "groups", "serviceaccounts", "uids"},
	})
}
