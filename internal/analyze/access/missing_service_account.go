package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// missingServiceAccount finds workloads that name a service account which is
// not there. The account "default" is made by the cluster.
func missingServiceAccount() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "missing-service-account",
			Aliases: []string{"C-0307"},
			Title:   lang.Text{EN: "Workload names a service account that does not exist", ZH: "工作负载引用了不存在的服务账户"},
			Risk: lang.Text{
				EN: "Its pods can not be created; whoever may create that account decides what they may do.",
				ZH: "其 Pod 无法创建；能创建该账户者将决定它们的权限。",
			},
			Advice: lang.Text{
				EN: "Create the ServiceAccount, or correct its name.",
				ZH: "创建该 ServiceAccount，或更正其名称。",
			},
			Severity: finding.Medium,
			Category: "reliability",
			Frameworks: []finding.Reference{
				{Framework: "devopsbest"},
			},
			Fix: control.Fix{Change: "fix-reliability"},
		},
		Needs: []graph.Kind{workload.ServiceAccount},
		Judge: func(f *facts, v *check.Verdicts) {
			for w := range f.workloads.Top() {
				account, field := w.ServiceAccount()
				id := graph.ObjectID("", string(workload.ServiceAccount), w.Node.Namespace, account)
				if _, exists := f.snapshot.Node(id); exists || account == "default" {
					v.Pass(w.Node)
					continue
				}
				v.Fail(w.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "%s does not exist.",
						ZH: "%s 不存在。",
					}, check.Name(id)),
					Evidence: []finding.Evidence{check.At(field)},
				})
			}
		},
	}
}
