package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// changeClusterDNS finds who may rewrite the configuration of CoreDNS.
func changeClusterDNS() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "change-cluster-dns",
		Aliases: []string{"C-0037"},
		Title:   lang.Text{EN: "Subject may change the configuration of cluster DNS", ZH: "主体可以修改集群 DNS 配置"},
		Risk: lang.Text{
			EN: "By changing the coredns ConfigMap an attacker sends the traffic of every pod to addresses of their choice.",
			ZH: "攻击者修改 coredns ConfigMap 后，可将所有 Pod 的流量引向任意地址。",
		},
		Advice: lang.Text{
			EN: "Restrict update and patch on ConfigMaps to the resourceNames that the subject owns.",
			ZH: "将对 ConfigMap 的 update 与 patch 限制在该主体所拥有的 resourceNames。",
		},
		Severity:   finding.Medium,
		Category:   "access",
		Techniques: []string{"MS-TA9035"},
		Frameworks: []finding.Reference{
			{Framework: "mitre"},
		},
		Fix: control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "change the ConfigMap of CoreDNS", ZH: "修改 CoreDNS 的 ConfigMap"}, grant{
		verbs:     []string{"update", "patch"},
		groups:    []string{""},
		resources: []string{"configmaps"},
		name:      "coredns",
	})
}
