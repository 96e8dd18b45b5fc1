package network

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// workloadWithoutPolicy finds workloads whose pods no network policy
// selects.
func workloadWithoutPolicy() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "workload-without-network-policy",
			Aliases: []string{"C-0260"},
			Title:   lang.Text{EN: "No network policy selects the workload", ZH: "没有网络策略选择该工作负载"},
			Risk: lang.Text{
				EN: "Its pods accept connections from everywhere in the cluster and may connect to anything, the Internet included.",
				ZH: "其 Pod 接受集群内任意来源的连接，并可连接包括互联网在内的任何目标。",
			},
			Advice: lang.Text{
				EN: "Select its labels in a NetworkPolicy, or deny everything in its namespace by default.",
				ZH: "在 NetworkPolicy 中选择其标签，或在其命名空间默认拒绝一切。",
			},
			Severity:   finding.Medium,
			Category:   "network",
			Techniques: []string{"MS-TA9034"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
				{Framework: "clusterscan"},
				{Framework: "workloadscan"},
				{Framework: "soc2"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/services-networking/network-policies/"},
			Fix:        control.Fix{Change: "isolate-network", Steps: []control.Step{{Operation: finding.Create, Value: defaultDeny}}},
		},
		Needs: policyKinds(),
		Judge: func(f *facts, v *check.Verdicts) {
			for w := range f.workloads.Top() {
				if len(f.policies.selecting(w)) > 0 {
					v.Pass(w.Node)
					continue
				}
				v.Fail(w.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "No network policy selects the pods of %s.",
						ZH: "没有网络策略选择 %s 的 Pod。",
					}, check.Name(w.Node.ID)),
					Evidence: []finding.Evidence{labelEvidence(w)},
				})
			}
		},
	}
}

// labelEvidence is what policies and Services go by.
func labelEvidence(w workload.View) finding.Evidence {
	if labels := w.Labels(); labels.Exists() {
		return check.At(labels)
	}
	return check.Unset(w.Template, "metadata.labels")
}
