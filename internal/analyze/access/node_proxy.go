package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// nodeProxy finds who may talk to kubelets through the API server.
func nodeProxy() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "node-proxy",
		Aliases: []string{"C-0279"},
		Title:   lang.Text{EN: "Subject may reach the kubelet through nodes/proxy", ZH: "主体可以经由 nodes/proxy 访问 kubelet"},
		Risk: lang.Text{
			EN: "Through nodes/proxy the subject runs commands in every pod of a node, past audit logging and admission control.",
			ZH: "通过 nodes/proxy，主体可在节点的每个 Pod 中执行命令，且绕过审计日志与准入控制。",
		},
		Advice: lang.Text{
			EN: "Grant nodes/metrics, nodes/stats or nodes/log instead of nodes/proxy.",
			ZH: "改为授予 nodes/metrics、nodes/stats 或 nodes/log，而不是 nodes/proxy。",
		},
		Severity:   finding.High,
		Category:   "access",
		Techniques: []string{"MS-TA9030"},
		Frameworks: []finding.Reference{
			{Framework: "cis-v1.12.0", Item: "5.1.10"},
			{Framework: "cis-v1.10.0", Item: "5.1.10"},
			{Framework: "cis-eks-t1.8.0"},
			{Framework: "cis-aks-t1.8.0"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "talk to kubelets through nodes/proxy", ZH: "经由 nodes/proxy 访问 kubelet"}, grant{
		verbs:     []string{"get", "create", "connect"},
		groups:    []string{""},
		resources: []string{"nodes/proxy"},
	})
}
