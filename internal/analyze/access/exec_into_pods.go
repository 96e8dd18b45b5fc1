package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// execIntoPods finds who may run commands in containers.
func execIntoPods() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "exec-into-pods",
		Aliases: []string{"C-0002"},
		Title:   lang.Text{EN: "Subject may run commands in containers", ZH: "主体可以在容器中执行命令"},
		Risk: lang.Text{
			EN: "Whoever holds this right gets a shell in running containers and reads everything they can read, service account tokens included.",
			ZH: "拥有该权限者可在运行中的容器里获得 shell，读取容器能读取的一切，包括服务账户令牌。",
		},
		Advice: lang.Text{
			EN: "Take pods/exec out of the role, or bind it to a few people for a short time only.",
			ZH: "从角色中去掉 pods/exec，或仅在短时间内绑定给少数人。",
		},
		Severity:   finding.High,
		Category:   "access",
		Techniques: []string{"MS-TA9006"},
		Frameworks: []finding.Reference{
			{Framework: "nsa"},
			{Framework: "mitre"},
			{Framework: "clusterscan"},
			{Framework: "armobest"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "run commands in containers", ZH: "在容器中执行命令"}, grant{
		verbs:  []string{"create"},
		groups: []string{""},
		// "pods/*" grants nothing in an API server today, but shows what its author wants.
		resources: []string{"pods/exec", "pods/*"},
	})
}
