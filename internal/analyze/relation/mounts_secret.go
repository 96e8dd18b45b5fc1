package relation

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// mountsSecret finds workloads that mount a Secret. It is the right way to give
// an application its credentials; the finding says where to look after a
// break-in, hence the low severity.
func mountsSecret() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "mounts-secret",
			Aliases: []string{"C-0255"},
			Title:   lang.Text{EN: "Workload mounts a Secret", ZH: "工作负载挂载了 Secret"},
			Risk: lang.Text{
				EN: "Whoever gets into one of its containers reads the Secret.",
				ZH: "进入其任一容器者即可读取该 Secret。",
			},
			Advice: lang.Text{
				EN: "Mount only the keys that are needed, in the container that needs them, and rotate them after a break-in.",
				ZH: "仅在需要的容器中挂载所需的键，并在被入侵后轮换。",
			},
			Severity:   finding.Low,
			Category:   "secrets",
			Techniques: []string{"MS-TA9025"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/security/secrets-good-practices/"},
			Fix:        control.Fix{Change: "move-credentials"},
		},
		Proof: []graph.Kind{workload.Secret},
		Judge: func(f *facts, v *check.Verdicts) {
			f.judgeMounts(v, workload.Secret, false, lang.Text{
				EN: "The containers of %s can read %s.",
				ZH: "%s 的容器可以读取 %s。",
			})
		},
	}
}
