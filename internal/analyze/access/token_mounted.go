package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// tokenMounted finds workloads whose containers get a token of the API
// server because nobody said no.
func tokenMounted() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "token-mounted",
			Aliases: []string{"C-0034", "C-0190"},
			Title:   lang.Text{EN: "Service account token is mounted without being asked for", ZH: "服务账户令牌被默认挂载"},
			Risk: lang.Text{
				EN: "Whoever gets into a container finds a token for the API server in its file system.",
				ZH: "进入容器者可在其文件系统中找到访问 API 服务器的令牌。",
			},
			Advice: lang.Text{
				EN: "Set automountServiceAccountToken to false on pods that do not call the API server.",
				ZH: "对不调用 API 服务器的 Pod，将 automountServiceAccountToken 设为 false。",
			},
			Severity:   finding.Medium,
			Category:   "secrets",
			Techniques: []string{"MS-TA9016"},
			Frameworks: []finding.Reference{
				{Framework: "nsa"},
				{Framework: "security"},
				{Framework: "workloadscan"},
				{Framework: "armobest"},
				{Framework: "cis-v1.12.0", Item: "5.1.6"},
				{Framework: "cis-v1.10.0", Item: "5.1.6"},
				{Framework: "cis-eks-t1.8.0"},
				{Framework: "cis-eks-t1.7.0"},
				{Framework: "cis-aks-t1.8.0"},
				{Framework: "cis-aks-t1.2.0"},
				{Framework: "cis-gke-v1.9.0"},
			},
			References: []string{"https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting"},
			Fix:        control.Fix{Change: "limit-token", Steps: []control.Step{{Operation: finding.Set, On: "pod", Path: "automountServiceAccountToken", Value: "false"}}},
		},
		Proof: []graph.Kind{workload.ServiceAccount},
		Judge: func(f *facts, v *check.Verdicts) {
			for w := range f.workloads.Top() {
				mount := f.tokenMount(w)
				if !mount.mounted {
					v.Pass(w.Node)
					continue
				}
				v.Fail(w.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "The containers of %s get the token of service account %s.",
						ZH: "%s 的容器会得到服务账户 %s 的令牌。",
					}, check.Name(w.Node.ID), mount.account),
					Evidence: []finding.Evidence{mount.evidence},
				})
			}
		},
	}
}
