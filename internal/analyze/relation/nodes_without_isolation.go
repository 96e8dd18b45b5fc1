package relation

import (
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// nodesWithoutIsolation finds clusters in which no node gives each pod a kernel
// of its own. One such node is enough: untrusted code can be sent there.
func nodesWithoutIsolation() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "node-without-workload-isolation",
			Aliases: []string{"C-0233"},
			Title:   lang.Text{EN: "Node shares its kernel among untrusted workloads", ZH: "节点上的不可信工作负载共享内核"},
			Risk: lang.Text{
				EN: "Pods on one node share its kernel: code of a stranger that breaks out of its container reaches all others. Fargate and sandboxed nodes give each pod a kernel of its own.",
				ZH: "同一节点上的 Pod 共享内核：不可信代码一旦逃逸出容器，就能触及其他所有 Pod。Fargate 和沙箱节点为每个 Pod 提供独立的内核。",
			},
			Advice: lang.Text{
				EN: "Run code that you do not trust on Fargate (EKS) or on nodes with a sandbox such as gVisor or Kata; where there is none, record an exception.",
				ZH: "将不受信任的代码运行在 Fargate（EKS）或带有 gVisor、Kata 等沙箱的节点上；没有此类代码时请登记例外。",
			},
			Severity:   finding.Info,
			Category:   "node",
			Techniques: []string{"MS-TA9018"},
			Frameworks: []finding.Reference{{Framework: "cis-gke-v1.9.0", Item: "5.10.3"}},
			References: []string{
				"https://docs.aws.amazon.com/eks/latest/userguide/fargate.html",
				"https://kubernetes.io/docs/concepts/containers/runtime-class/",
			},
			Fix: control.Fix{Change: "harden-node"},
		},
		Judge: func(f *facts, v *check.Verdicts) {
			isolated := f.hasIsolatedNode()
			for n := range f.snapshot.OfKind("Node") {
				if isolated {
					v.Pass(n)
					continue
				}
				v.Fail(n, check.Fault{Evidence: []finding.Evidence{check.At(n.Object.At("metadata", "name"))}})
			}
		},
	}
}

// hasIsolatedNode looks for a Fargate node, which EKS tells apart by its name.
func (f *facts) hasIsolatedNode() bool {
	for n := range f.snapshot.OfKind("Node") {
		if strings.HasPrefix(n.Name, "fargate") {
			return true
		}
	}
	return false
}
