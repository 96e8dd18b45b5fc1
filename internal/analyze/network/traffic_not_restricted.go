package network

import (
	"slices"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// trafficNotRestricted finds workloads that no policy restricts in a
// direction that it names.
func trafficNotRestricted() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "traffic-not-restricted",
			Aliases: []string{"C-0030"},
			Title:   lang.Text{EN: "Traffic of the workload is not restricted", ZH: "工作负载的流量未受限制"},
			Risk: lang.Text{
				EN: "An attacker in one of its pods scans the cluster and sends data out; from elsewhere in the cluster its pods are open to attack.",
				ZH: "攻击者在其 Pod 中可扫描集群并外传数据；集群其他位置也可攻击其 Pod。",
			},
			Advice: lang.Text{
				EN: "Restrict both directions with a NetworkPolicy that names Ingress and Egress in policyTypes.",
				ZH: "用 NetworkPolicy 限制两个方向，并在 policyTypes 中写明 Ingress 与 Egress。",
			},
			Severity:   finding.Medium,
			Category:   "network",
			Techniques: []string{"MS-TA9034"},
			Frameworks: []finding.Reference{
				{Framework: "nsa"},
				{Framework: "armobest"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation"},
			Fix:        control.Fix{Change: "isolate-network", Steps: []control.Step{{Operation: finding.Create, Value: defaultDeny}}},
		},
		Needs: policyKinds(),
		Judge: func(f *facts, v *check.Verdicts) {
			for w := range f.workloads.Top() {
				selecting := f.policies.selecting(w)
				if slices.ContainsFunc(selecting, (*policy).directed) {
					v.Pass(w.Node)
					continue
				}
				v.Fail(w.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "Neither what comes in to %s nor what goes out is restricted.",
						ZH: "%s 的入站与出站流量均未受限制。",
					}, check.Name(w.Node.ID)),
					Evidence: append([]finding.Evidence{labelEvidence(w)}, undirected(selecting)...),
				})
			}
		},
	}
}

// undirected is evidence of policies that select the pods and name no direction.
func undirected(selecting []*policy) []finding.Evidence {
	var evidence []finding.Evidence
	for _, p := range selecting {
		spec := p.node.Object.Get("spec")
		evidence = append(evidence, finding.Evidence{
			Node: p.node.ID, Path: "spec.policyTypes", Position: spec.Position(),
			Note: lang.Text{
				EN: "This policy selects the pods but does not say which directions it is about.",
				ZH: "该策略选择了这些 Pod，但未说明针对哪个方向。",
			},
		})
	}
	return evidence
}
