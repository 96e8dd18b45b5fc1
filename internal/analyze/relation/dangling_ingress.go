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

// danglingIngress finds Ingresses that lead to a Service which is not there.
func danglingIngress() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "dangling-ingress",
			Aliases: []string{"C-0298"},
			Title:   lang.Text{EN: "Ingress leads to a Service that does not exist", ZH: "Ingress 指向不存在的 Service"},
			Risk: lang.Text{
				EN: "Whoever may create a Service of that name in the namespace receives the traffic of the published host.",
				ZH: "能在该命名空间创建同名 Service 者将收到已发布主机的流量。",
			},
			Advice: lang.Text{
				EN: "Create the Service, or take the path out of the Ingress.",
				ZH: "创建该 Service，或从 Ingress 中移除该路径。",
			},
			Severity: finding.Medium,
			Category: "network",
			Frameworks: []finding.Reference{
				{Framework: "devopsbest"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/services-networking/ingress/"},
			Fix:        control.Fix{Change: "fix-reliability"},
		},
		Needs: []graph.Kind{workload.Service},
		Judge: func(f *facts, v *check.Verdicts) { f.judgeBackends(v, reach.Ingresses()...) },
	}
}
