package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// deleteEvents finds who may delete events.
func deleteEvents() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "delete-events",
		Aliases: []string{"C-0031"},
		Title:   lang.Text{EN: "Subject may delete events", ZH: "主体可以删除事件"},
		Risk: lang.Text{
			EN: "An attacker who deletes events hides what was started, changed and killed in the cluster.",
			ZH: "攻击者删除事件后，可以掩盖在集群中启动、修改和终止过的内容。",
		},
		Advice: lang.Text{
			EN: "Remove delete and deletecollection on events from the role; the API server expires events by itself.",
			ZH: "从角色中去掉对 events 的 delete 与 deletecollection；API 服务器会自行清理过期事件。",
		},
		Severity:   finding.Medium,
		Category:   "access",
		Techniques: []string{"MS-TA9022"},
		Frameworks: []finding.Reference{
			{Framework: "mitre"},
		},
		Fix: control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "delete events", ZH: "删除事件"}, grant{
		verbs:     []string{"delete", "deletecollection"},
		groups:    []string{"", "events.k8s.io"},
		resources: []string{"events"},
	})
}
