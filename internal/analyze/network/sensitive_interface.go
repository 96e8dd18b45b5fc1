package network

import (
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// sensitiveInterface finds management interfaces that are open to callers
// outside the cluster.
func sensitiveInterface() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "sensitive-interface-published",
			Aliases: []string{"C-0021"},
			Title:   lang.Text{EN: "Management interface is open to callers outside the cluster", ZH: "管理界面对集群外开放"},
			Risk: lang.Text{
				EN: "Interfaces of this kind run code or show the cluster to whoever reaches them, often without a login.",
				ZH: "此类界面常常无需登录即可让访问者运行代码或查看集群。",
			},
			Advice: lang.Text{
				EN: "Make its Service ClusterIP and reach it by port forwarding, or put authentication in front of it.",
				ZH: "将其 Service 改为 ClusterIP 并通过端口转发访问，或在其前面加上认证。",
			},
			Severity:   finding.High,
			Category:   "network",
			Techniques: []string{"MS-TA9005"},
			Frameworks: []finding.Reference{
				{Framework: "mitre"},
			},
			Settings: []string{"sensitiveInterfaces"},
			Fix:      control.Fix{Change: "reduce-exposure"},
		},
		Proof: []graph.Kind{workload.Service},
		Judge: func(f *facts, v *check.Verdicts) {
			f.judgeChains(v, func(c reach.Chain) bool {
				return c.Level >= reach.Network && !f.pending(c.Entry().Node)
			}, lang.Text{
				EN: "%s looks like a management interface and is open through %s.",
				ZH: "%s 疑似管理界面，并经由 %s 开放。",
			}, func(w workload.View) bool {
				return slices.ContainsFunc(f.settings["sensitiveInterfaces"], func(name string) bool {
					return strings.Contains(w.Node.Name, name)
				})
			})
		},
	}
}

// pending reports whether a cluster has not given a load balancer an address
// yet. An object from a file has no status: it will get one.
func (f *facts) pending(id graph.NodeID) bool {
	n, ok := f.snapshot.Node(id)
	if !ok || n.Object.At("spec", "type").Str() != "LoadBalancer" {
		return false
	}
	status := n.Object.Get("status")
	return status.Exists() && status.At("loadBalancer", "ingress").Len() == 0
}
