package relation

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// mountsClaim finds workloads that mount a PersistentVolumeClaim.
func mountsClaim() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "mounts-persistent-volume-claim",
			Aliases: []string{"C-0257"},
			Title:   lang.Text{EN: "Workload mounts a persistent volume", ZH: "工作负载挂载了持久卷"},
			Risk: lang.Text{
				EN: "Whoever gets into one of its containers reads, changes or destroys the stored data.",
				ZH: "进入其任一容器者可读取、修改或销毁所存数据。",
			},
			Advice: lang.Text{
				EN: "Mount the volume read-only where nothing is written, and only in the container that needs it.",
				ZH: "无需写入之处以只读方式挂载，且仅挂载到需要的容器。",
			},
			Severity:   finding.Low,
			Category:   "workload",
			Techniques: []string{"MS-TA9041"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
				{Framework: "workloadscan"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/storage/persistent-volumes/"},
			Fix:        control.Fix{Change: "harden-containers"},
		},
		Proof: []graph.Kind{workload.Claim},
		Judge: func(f *facts, v *check.Verdicts) {
			f.judgeMounts(v, workload.Claim, false, lang.Text{
				EN: "The containers of %s can read and change the data of %s.",
				ZH: "%s 的容器可以读取并修改 %s 的数据。",
			})
		},
	}
}
