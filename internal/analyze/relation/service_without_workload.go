package relation

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// serviceWithoutWorkload finds Services that select no pod at all.
func serviceWithoutWorkload() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "service-without-workload",
			Aliases: []string{"C-0293"},
			Title:   lang.Text{EN: "Service selects no workload", ZH: "Service 未选择任何工作负载"},
			Risk: lang.Text{
				EN: "Calls to the Service fail; whoever may create pods with these labels receives them.",
				ZH: "对该 Service 的调用会失败；能创建带这些标签的 Pod 者将收到这些调用。",
			},
			Advice: lang.Text{
				EN: "Correct the selector, or delete the Service.",
				ZH: "更正选择器，或删除该 Service。",
			},
			Severity: finding.Low,
			Category: "reliability",
			Frameworks: []finding.Reference{
				{Framework: "devopsbest"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/services-networking/service/"},
			Fix:        control.Fix{Change: "fix-reliability"},
		},
		Needs: workload.Kinds(),
		Judge: func(f *facts, v *check.Verdicts) {
			for n := range f.snapshot.OfKind(workload.Service) {
				spec := n.Object.Get("spec")
				labels := spec.Get("selector")
				if labels.Len() == 0 || spec.Get("type").Str() == "ExternalName" || f.anySelected(n) {
					v.Pass(n)
					continue
				}
				v.Fail(n, check.Fault{
					Message: check.Say(lang.Text{
						EN: "No workload in namespace %s has the labels that %s selects.",
						ZH: "命名空间 %s 中没有工作负载具有 %s 所选择的标签。",
					}, n.Namespace, check.Name(n.ID)),
					Evidence: []finding.Evidence{check.At(labels)},
				})
			}
		},
	}
}

func (f *facts) anySelected(service *graph.Node) bool {
	for range f.workloads.SelectedBy(service) {
		return true
	}
	return false
}
