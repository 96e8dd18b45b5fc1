package network

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// namespaceWithoutPolicy finds namespaces in which no network policy is
// defined.
func namespaceWithoutPolicy() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "namespace-without-network-policy",
			Aliases: []string{"C-0049", "C-0054", "C-0206"},
			Title:   lang.Text{EN: "Namespace has no network policy", ZH: "命名空间没有网络策略"},
			Risk: lang.Text{
				EN: "Every pod of the cluster may connect to every pod of the namespace, and its pods to anything: an attacker moves on from any foothold.",
				ZH: "集群中的任何 Pod 都可连接该命名空间的任何 Pod，其 Pod 也可连接任何目标：攻击者可从任一立足点继续移动。",
			},
			Advice: lang.Text{
				EN: "Begin with a policy that denies everything, then allow the connections that the applications need.",
				ZH: "先建立拒绝一切的策略，再放行应用所需的连接。",
			},
			Severity:   finding.Medium,
			Category:   "network",
			Techniques: []string{"MS-TA9034", "MS-TA9031"},
			Frameworks: []finding.Reference{
				{Framework: "nsa"},
				{Framework: "mitre"},
				{Framework: "armobest"},
				{Framework: "cis-v1.12.0", Item: "5.3.2"},
				{Framework: "cis-v1.10.0", Item: "5.3.2"},
				{Framework: "cis-eks-t1.8.0"},
				{Framework: "cis-eks-t1.7.0"},
				{Framework: "cis-aks-t1.8.0"},
				{Framework: "cis-aks-t1.2.0"},
				{Framework: "cis-gke-v1.9.0"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies"},
			Fix:        control.Fix{Change: "isolate-network", Steps: []control.Step{{Operation: finding.Create, Value: defaultDeny}}},
		},
		Needs: policyKinds(),
		Judge: func(f *facts, v *check.Verdicts) {
			for n := range f.snapshot.OfKind("Namespace") {
				if len(f.policies[n.Name]) > 0 || f.coveredByCluster(n.Name) {
					v.Pass(n)
					continue
				}
				v.Fail(n, check.Fault{
					Message: check.Say(lang.Text{
						EN: "No network policy is defined for namespace %s.",
						ZH: "命名空间 %s 未定义任何网络策略。",
					}, n.Name),
					Evidence:  []finding.Evidence{check.At(n.Object.At("metadata", "name"))},
					Namespace: n.Name,
				})
			}
		},
	}
}

// coveredByCluster reports whether a policy of the whole cluster protects every
// pod of a namespace.
func (f *facts) coveredByCluster(namespace string) bool {
	for _, p := range f.policies[""] {
		if p.covers(namespace) {
			return true
		}
	}
	return false
}
