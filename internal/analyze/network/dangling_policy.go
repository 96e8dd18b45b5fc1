package network

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/selector"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// danglingPolicy finds NetworkPolicies that select no pod at all.
func danglingPolicy() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "dangling-network-policy",
			Aliases: []string{"C-0299"},
			Title:   lang.Text{EN: "NetworkPolicy selects no workload", ZH: "NetworkPolicy 未选择任何工作负载"},
			Risk: lang.Text{
				EN: "The pods that the policy was written for have other labels and are not protected by it.",
				ZH: "该策略所针对的 Pod 标签不同，未受其保护。",
			},
			Advice: lang.Text{
				EN: "Correct the labels in podSelector, or delete the policy.",
				ZH: "更正 podSelector 中的标签，或删除该策略。",
			},
			Severity: finding.Medium,
			Category: "network",
			Frameworks: []finding.Reference{
				{Framework: "devopsbest"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/services-networking/network-policies/"},
			Fix:        control.Fix{Change: "fix-reliability"},
		},
		Needs: workload.Kinds(),
		Judge: func(f *facts, v *check.Verdicts) {
			for n := range f.snapshot.OfKind(networkPolicy) {
				field := n.Object.At("spec", "podSelector")
				wanted := selector.FromLabelSelector(field)
				if wanted.Empty() || f.anyPod(n.Namespace, wanted) {
					v.Pass(n)
					continue
				}
				v.Fail(n, check.Fault{
					Message: check.Say(lang.Text{
						EN: "No workload in namespace %s has the labels that %s selects.",
						ZH: "命名空间 %s 中没有工作负载具有 %s 所选择的标签。",
					}, n.Namespace, check.Name(n.ID)),
					Evidence: []finding.Evidence{check.At(field)},
				})
			}
		},
	}
}

func (f *facts) anyPod(namespace string, wanted selector.Selector) bool {
	for range f.workloads.Select(namespace, wanted) {
		return true
	}
	return false
}
