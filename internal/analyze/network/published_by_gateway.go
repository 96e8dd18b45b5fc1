package network

import (
	"slices"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// publishedByGateway finds workloads that a route of the Gateway API or of
// Istio opens to callers outside the cluster.
func publishedByGateway() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "published-by-gateway",
			Aliases: []string{"C-0266"},
			Title:   lang.Text{EN: "Workload is open to callers outside through a gateway", ZH: "工作负载经网关对集群外开放"},
			Risk: lang.Text{
				EN: "Whoever reaches the gateway can attack the application directly.",
				ZH: "能访问该网关者可直接攻击该应用。",
			},
			Advice: lang.Text{
				EN: "Route only the hosts and paths that users need, with TLS and authentication at the gateway.",
				ZH: "仅路由用户所需的主机与路径，并在网关处启用 TLS 与认证。",
			},
			Severity:   finding.Medium,
			Category:   "network",
			Techniques: []string{"MS-TA9004"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
			},
			References: []string{"https://gateway-api.sigs.k8s.io/concepts/security-model/"},
			Fix:        control.Fix{Change: "reduce-exposure"},
		},
		Proof: append([]graph.Kind{workload.Service, reach.VirtualService, reach.Gateway}, reach.GatewayRoutes()...),
		Judge: func(f *facts, v *check.Verdicts) {
			f.judgeChains(v, func(c reach.Chain) bool {
				// What the Service itself opens is the finding of another control.
				return f.hasRoute(c) && !f.opens(c.Links[len(c.Links)-1].Node)
			}, lang.Text{
				EN: "%s is open to callers outside the cluster through %s.",
				ZH: "%s 经由 %s 对集群外开放。",
			})
		},
	}
}

// hasRoute reports whether a chain leads through the Gateway API or Istio.
func (f *facts) hasRoute(c reach.Chain) bool {
	routes := append(reach.GatewayRoutes(), reach.VirtualService)
	return slices.ContainsFunc(c.Links, func(link reach.Link) bool {
		n, ok := f.snapshot.Node(link.Node)
		return ok && slices.Contains(routes, n.Kind)
	})
}
