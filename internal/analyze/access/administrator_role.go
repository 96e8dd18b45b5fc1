package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// administratorRole finds who may do everything.
func administratorRole() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "administrator-role",
		Aliases: []string{"C-0035", "C-0187"},
		Title:   lang.Text{EN: "Subject has all rights on all resources", ZH: "主体拥有对所有资源的全部权限"},
		Risk: lang.Text{
			EN: "A rule of wildcards makes its subjects administrators, also of resource types that are added later.",
			ZH: "通配符规则使其主体成为管理员，对日后新增的资源类型也是如此。",
		},
		Advice: lang.Text{
			EN: "Name the verbs and resources that are used, and keep wildcards for break-glass accounts.",
			ZH: "列出实际使用的动词与资源，通配符仅留给应急账户。",
		},
		Severity:   finding.High,
		Category:   "access",
		Techniques: []string{"MS-TA9019"},
		Frameworks: []finding.Reference{
			{Framework: "nsa"},
			{Framework: "mitre"},
			{Framework: "security"},
			{Framework: "clusterscan"},
			{Framework: "armobest"},
			{Framework: "soc2"},
			{Framework: "cis-v1.12.0", Item: "5.1.3"},
			{Framework: "cis-v1.10.0", Item: "5.1.3"},
			{Framework: "cis-eks-t1.8.0"},
			{Framework: "cis-eks-t1.7.0"},
			{Framework: "cis-aks-t1.8.0"},
			{Framework: "cis-aks-t1.2.0"},
			{Framework: "cis-gke-v1.9.0"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "do everything", ZH: "执行一切操作"}, grant{
		verbs:     []string{"*"},
		groups:    []string{""},
		resources: []string{"*"},
	})
}
