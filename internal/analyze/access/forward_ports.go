package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// forwardPorts finds who may open tunnels to pods.
func forwardPorts() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "forward-ports",
		Aliases: []string{"C-0063"},
		Title:   lang.Text{EN: "Subject may forward ports to pods", ZH: "主体可以向 Pod 转发端口"},
		Risk: lang.Text{
			EN: "Port forwarding goes around NetworkPolicies and reaches ports that were meant for the pod alone.",
			ZH: "端口转发绕过 NetworkPolicy，可访问仅供 Pod 自身使用的端口。",
		},
		Advice: lang.Text{
			EN: "Take pods/portforward out of the role; give debugging access for a limited time.",
			ZH: "从角色中去掉 pods/portforward；调试权限应限时授予。",
		},
		Severity:   finding.Medium,
		Category:   "access",
		Techniques: []string{"MS-TA9034"},
		Frameworks: []finding.Reference{
			{Framework: "clusterscan"},
			{Framework: "armobest"},
		},
		Fix: control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "open tunnels to the ports of pods", ZH: "建立到 Pod 端口的隧道"}, grant{
		verbs:  []string{"create", "get"},
		groups: []string{""},
		// "pods/*" grants nothing in an API server today, but shows what its author wants.
		resources: []string{"pods/portforward", "pods/*"},
	})
}
