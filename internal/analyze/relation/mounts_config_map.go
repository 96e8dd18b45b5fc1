package relation

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// mountsConfigMap finds workloads that mount a ConfigMap.
func mountsConfigMap() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "mounts-config-map",
			Aliases: []string{"C-0258"},
			Title:   lang.Text{EN: "Workload mounts a ConfigMap", ZH: "工作负载挂载了 ConfigMap"},
			Risk: lang.Text{
				EN: "Whoever gets into one of its containers reads the configuration, and whoever changes the ConfigMap changes the workload.",
				ZH: "进入其任一容器者可读取配置，修改该 ConfigMap 者则可改变该工作负载。",
			},
			Advice: lang.Text{
				EN: "Keep credentials out of ConfigMaps, and restrict who may change them.",
				ZH: "不要在 ConfigMap 中存放凭据，并限制可修改者。",
			},
			Severity:   finding.Low,
			Category:   "workload",
			Techniques: []string{"MS-TA9027"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/configuration/configmap/"},
			Fix:        control.Fix{Change: "harden-containers"},
		},
		Proof: []graph.Kind{workload.ConfigMap},
		Judge: func(f *facts, v *check.Verdicts) {
			f.judgeMounts(v, workload.ConfigMap, true, lang.Text{
				EN: "The containers of %s can read %s.",
				ZH: "%s 的容器可以读取 %s。",
			})
		},
	}
}
