package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// createPods finds who may start pods.
func createPods() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "create-pods",
		Aliases: []string{"C-0188"},
		Title:   lang.Text{EN: "Subject may create pods", ZH: "主体可以创建 Pod"},
		Risk: lang.Text{
			EN: "A new pod may mount any Secret, claim and service account token of its namespace, and the node itself where no policy forbids it.",
			ZH: "新建的 Pod 可挂载其命名空间内的任意 Secret、存储卷声明与服务账户令牌；若无策略禁止，还可挂载节点本身。",
		},
		Advice: lang.Text{
			EN: "Let people create workloads through delivery pipelines; grant create on pods only where admission policies are enforced.",
			ZH: "让人员通过交付流水线创建工作负载；仅在强制实施准入策略之处授予创建 Pod 的权限。",
		},
		Severity:   finding.Medium,
		Category:   "access",
		Techniques: []string{"MS-TA9008"},
		Frameworks: []finding.Reference{
			{Framework: "clusterscan"},
			{Framework: "cis-v1.12.0", Item: "5.1.4"},
			{Framework: "cis-v1.10.0", Item: "5.1.4"},
			{Framework: "cis-eks-t1.8.0"},
			{Framework: "cis-eks-t1.7.0"},
			{Framework: "cis-aks-t1.8.0"},
			{Framework: "cis-aks-t1.2.0"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "create pods", ZH: "创建 Pod"}, grant{
		verbs:     []string{"create"},
		groups:    []string{""},
		resources: []string{"pods"},
	})
}
