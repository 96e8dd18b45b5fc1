package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// workloadIsAdministrator finds workloads whose token may do everything.
func workloadIsAdministrator() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "workload-is-administrator",
			Aliases: []string{"C-0272"},
			Title:   lang.Text{EN: "Workload has all rights on all resources", ZH: "工作负载拥有对所有资源的全部权限"},
			Risk: lang.Text{
				EN: "Whoever gets into a container of this workload is administrator of the namespace or of the cluster.",
				ZH: "进入该工作负载容器者即成为命名空间或集群的管理员。",
			},
			Advice: lang.Text{
				EN: "Bind its service account to a role that names the verbs and resources that it uses.",
				ZH: "将其服务账户绑定到仅列出所用动词与资源的角色。",
			},
			Severity:   finding.High,
			Category:   "access",
			Techniques: []string{"MS-TA9016", "MS-TA9019"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
			},
			Fix: control.Fix{Change: "reduce-binding"},
		},
		Proof: append(rbac.Kinds(), workload.ServiceAccount),
		Judge: func(f *facts, v *check.Verdicts) {
			f.judgeRights(v, lang.Text{
				EN: "With its token %s may do everything, granted by %s.",
				ZH: "%s 可凭其令牌执行一切操作，由 %s 授予。",
			}, grant{verbs: []string{"*"}, groups: []string{""}, resources: []string{"*"}})
		},
	}
}
