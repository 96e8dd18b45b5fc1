package relation

import (
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// noPolicyControl finds namespaces in which nothing decides what pods may do:
// no level of Pod Security is enforced, and no webhook or admission policy
// looks at objects of namespaces.
func noPolicyControl() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "no-policy-control",
			Aliases: []string{"C-0192"},
			Title:   lang.Text{EN: "Nothing controls what pods of the namespace may do", ZH: "没有机制控制该命名空间的 Pod"},
			Risk: lang.Text{
				EN: "Whoever may create a pod in the namespace may create a privileged one and take over its node.",
				ZH: "能在该命名空间创建 Pod 者可创建特权 Pod 并控制其节点。",
			},
			Advice: lang.Text{
				EN: "Label the namespace with a Pod Security level to enforce, baseline at least.",
				ZH: "为该命名空间设置要强制执行的 Pod 安全级别，至少为 baseline。",
			},
			Severity:   finding.Medium,
			Category:   "namespace",
			Techniques: []string{"MS-TA9018"},
			Frameworks: []finding.Reference{
				{Framework: "cis-v1.12.0", Item: "5.2.1"},
				{Framework: "cis-v1.10.0", Item: "5.2.1"},
				{Framework: "cis-gke-v1.9.0"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/security/pod-security-admission/"},
			Fix:        control.Fix{Change: "enforce-pod-security", Steps: []control.Step{{Operation: finding.Set, On: "object", Path: "metadata.labels[\"pod-security.kubernetes.io/enforce\"]", Value: "baseline"}}},
		},
		Needs: []graph.Kind{validatingWebhooks, mutatingWebhooks},
		Judge: func(f *facts, v *check.Verdicts) {
			elsewhere := f.admissionElsewhere()
			for n := range f.snapshot.OfKind("Namespace") {
				if elsewhere || enforcesPodSecurity(n) {
					v.Pass(n)
					continue
				}
				v.Fail(n, check.Fault{
					Message: check.Say(lang.Text{
						EN: "Nothing decides what pods in namespace %s may do.",
						ZH: "没有任何机制限制命名空间 %s 中的 Pod。",
					}, n.Name),
					Evidence:  []finding.Evidence{check.Unset(n.Object.Get("metadata"), podSecurityLabel)},
					Namespace: n.Name,
				})
			}
		},
	}
}

const (
	validatingWebhooks graph.Kind = "admissionregistration.k8s.io/ValidatingWebhookConfiguration"
	mutatingWebhooks   graph.Kind = "admissionregistration.k8s.io/MutatingWebhookConfiguration"
	policyBindings     graph.Kind = "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding"

	podSecurityLabel = `labels["pod-security.kubernetes.io/enforce"]`
)

func enforcesPodSecurity(namespace *graph.Node) bool {
	for key := range namespace.Object.At("metadata", "labels").Fields() {
		if strings.HasPrefix(key, "pod-security.kubernetes.io/enforce") {
			return true
		}
	}
	return false
}

// admissionElsewhere reports whether a webhook or an admission policy looks at
// objects of namespaces.
func (f *facts) admissionElsewhere() bool {
	for n := range f.snapshot.OfKind(validatingWebhooks, mutatingWebhooks) {
		for _, webhook := range n.Object.Get("webhooks").Items() {
			for _, rule := range webhook.Get("rules").Items() {
				if rule.Get("scope").Str() != "Cluster" {
					return true
				}
			}
		}
	}
	return f.snapshot.CountOf(policyBindings) > 0
}
