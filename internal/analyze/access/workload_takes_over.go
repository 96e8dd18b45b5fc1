package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// workloadTakesOver finds workloads whose token is enough to start pods
// or to read Secrets.
func workloadTakesOver() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "workload-takes-over",
			Aliases: []string{"C-0267"},
			Title:   lang.Text{EN: "Workload may start pods or read Secrets", ZH: "工作负载可以启动 Pod 或读取 Secret"},
			Risk: lang.Text{
				EN: "With the token in its containers an attacker starts pods of any kind or reads Secrets, and takes over the namespace or the cluster.",
				ZH: "攻击者可凭其容器内的令牌启动任意 Pod 或读取 Secret，从而控制命名空间乃至集群。",
			},
			Advice: lang.Text{
				EN: "Take the rights on pods and Secrets out of the role of its service account, or do not mount the token.",
				ZH: "从其服务账户的角色中去掉对 Pod 与 Secret 的权限，或不挂载令牌。",
			},
			Severity:   finding.High,
			Category:   "access",
			Techniques: []string{"MS-TA9016", "MS-TA9008", "MS-TA9025"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation"},
			Fix:        control.Fix{Change: "reduce-binding"},
		},
		Proof: append(rbac.Kinds(), workload.ServiceAccount),
		Judge: func(f *facts, v *check.Verdicts) {
			f.judgeRights(v, lang.Text{
				EN: "With its token %s may start pods or read Secrets, granted by %s.",
				ZH: "%s 可凭其令牌启动 Pod 或读取 Secret，由 %s 授予。",
			},
				grant{verbs: []string{"create", "update", "patch"}, groups: []string{""}, resources: []string{"pods"}},
				grant{verbs: []string{"get", "list", "watch"}, groups: []string{""}, resources: []string{"secrets"}},
			)
		},
	}
}
