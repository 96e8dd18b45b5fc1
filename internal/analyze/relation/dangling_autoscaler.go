package relation

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// danglingAutoscaler finds autoscalers whose target is not there. Targets of
// kinds that a cluster may have beside its own are not judged.
func danglingAutoscaler() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "dangling-autoscaler",
			Aliases: []string{"C-0300"},
			Title:   lang.Text{EN: "Autoscaler has no target", ZH: "自动扩缩器没有目标"},
			Risk: lang.Text{
				EN: "The workload that it was written for does not scale, and fails under a load that it should bear.",
				ZH: "其针对的工作负载不会扩缩，会在本应承受的负载下失败。",
			},
			Advice: lang.Text{
				EN: "Correct scaleTargetRef, or delete the autoscaler.",
				ZH: "更正 scaleTargetRef，或删除该自动扩缩器。",
			},
			Severity: finding.Low,
			Category: "reliability",
			Frameworks: []finding.Reference{
				{Framework: "devopsbest"},
			},
			References: []string{"https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"},
			Fix:        control.Fix{Change: "fix-reliability"},
		},
		Needs: []graph.Kind{workload.Deployment, workload.StatefulSet, workload.ReplicaSet, workload.ReplicationController},
		Judge: func(f *facts, v *check.Verdicts) {
			for n := range f.snapshot.OfKind(workload.Autoscaler) {
				target := n.Object.At("spec", "scaleTargetRef")
				if !scalable(target.Get("kind").Str()) || f.exists(workload.ScaleTarget(n)) {
					v.Pass(n)
					continue
				}
				v.Fail(n, check.Fault{
					Message: check.Say(lang.Text{
						EN: "%s does not exist.",
						ZH: "%s 不存在。",
					}, check.Name(workload.ScaleTarget(n))),
					Evidence: []finding.Evidence{check.At(target.Get("name"))},
				})
			}
		},
	}
}

func scalable(kind string) bool {
	switch kind {
	case "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController":
		return true
	}
	return false
}
