package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// tokenWithRights finds workloads with the token of an account that some
// binding gives rights to.
func tokenWithRights() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "token-with-rights",
			Aliases: []string{"C-0261"},
			Title:   lang.Text{EN: "Mounted service account token has rights", ZH: "所挂载的服务账户令牌拥有权限"},
			Risk: lang.Text{
				EN: "The token in the containers of this workload is good for more than to say who it is: an attacker inside uses the rights of its account.",
				ZH: "该工作负载容器内的令牌不只用于表明身份：攻击者进入后可使用其账户的权限。",
			},
			Advice: lang.Text{
				EN: "Do not mount the token where the API is not called; otherwise reduce the rights of the account.",
				ZH: "不调用 API 时不要挂载令牌；否则应缩减该账户的权限。",
			},
			Severity:   finding.Medium,
			Category:   "secrets",
			Techniques: []string{"MS-TA9016"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
			},
			References: []string{"https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting"},
			Fix:        control.Fix{Change: "limit-token", Steps: []control.Step{{Operation: finding.Set, On: "pod", Path: "automountServiceAccountToken", Value: "false"}}},
		},
		Proof: []graph.Kind{workload.ServiceAccount, rbac.RoleBindingKind, rbac.ClusterRoleBindingKind},
		Judge: func(f *facts, v *check.Verdicts) {
			for w := range f.workloads.Top() {
				mount := f.tokenMount(w)
				if !mount.mounted {
					v.Pass(w.Node)
					continue
				}
				evidence := f.rightsEvidence(w, mount.account)
				if len(evidence) == 0 {
					v.Pass(w.Node)
					continue
				}
				v.Fail(w.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "The containers of %s get the token of service account %s, which has rights.",
						ZH: "%s 的容器会得到服务账户 %s 的令牌，而该账户拥有权限。",
					}, check.Name(w.Node.ID), mount.account),
					Evidence: append([]finding.Evidence{mount.evidence}, evidence...),
				})
			}
		},
	}
}

// rightsEvidence is the bindings of the account that a workload runs as. What a
// cluster grants to every caller by default, to find its way around, does not
// count.
func (f *facts) rightsEvidence(w workload.View, account string) []finding.Evidence {
	var evidence []finding.Evidence
	for b, subject := range f.bindings.OfAccount(w.Node.Namespace, account) {
		labels := b.Node.Object.At("metadata", "labels")
		if labels.Get("kubernetes.io/bootstrapping").Str() == "rbac-defaults" {
			continue
		}
		evidence = append(evidence, subjectEvidence(b, subject))
	}
	return evidence
}
