package relation

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// danglingRoute finds routes of the Gateway API that lead to a Service which
// is not there.
func danglingRoute() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "dangling-gateway-route",
			Aliases: []string{"C-0302"},
			Title:   lang.Text{EN: "Gateway route leads to a Service that does not exist", ZH: "网关路由指向不存在的 Service"},
			Risk: lang.Text{
				EN: "Whoever may create a Service of that name in the namespace receives the traffic of the published host.",
				ZH: "能在该命名空间创建同名 Service 者将收到已发布主机的流量。",
			},
			Advice: lang.Text{
				EN: "Create the Service, or take the backend out of the route.",
				ZH: "创建该 Service，或从路由中移除该后端。",
			},
			Severity: finding.Medium,
			Category: "network",
			Frameworks: []finding.Reference{
				{Framework: "devopsbest"},
			},
			References: []string{"https://gateway-api.sigs.k8s.io/api-types/httproute/"},
			Fix:        control.Fix{Change: "fix-reliability"},
		},
		Needs: []graph.Kind{workload.Service},
		Judge: func(f *facts, v *check.Verdicts) { f.judgeBackends(v, reach.GatewayRoutes()...) },
	}
}
