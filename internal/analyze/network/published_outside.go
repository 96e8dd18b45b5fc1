package network

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// publishedOutside finds workloads that a Service or an Ingress opens to
// callers outside the cluster.
func publishedOutside() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "published-outside",
			Aliases: []string{"C-0256"},
			Title:   lang.Text{EN: "Workload is open to callers outside the cluster", ZH: "工作负载对集群外开放"},
			Risk: lang.Text{
				EN: "Whoever reaches the load balancer, the node port or the Ingress can attack the application directly.",
				ZH: "能访问该负载均衡器、节点端口或 Ingress 者可直接攻击该应用。",
			},
			Advice: lang.Text{
				EN: "Publish only what users need, behind an Ingress with TLS and authentication; make other Services ClusterIP.",
				ZH: "仅发布用户所需的内容，并置于启用 TLS 与认证的 Ingress 之后；其他 Service 改为 ClusterIP。",
			},
			Severity:   finding.Medium,
			Category:   "network",
			Techniques: []string{"MS-TA9004"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
				{Framework: "clusterscan"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types"},
			Fix:        control.Fix{Change: "reduce-exposure"},
		},
		Proof: []graph.Kind{workload.Service, reach.Ingress},
		Judge: func(f *facts, v *check.Verdicts) {
			f.judgeChains(v, func(c reach.Chain) bool {
				return f.opens(c.Entry().Node) || f.isIngress(c.Entry().Node)
			}, lang.Text{
				EN: "%s is open to callers outside the cluster through %s.",
				ZH: "%s 经由 %s 对集群外开放。",
			})
		},
	}
}
