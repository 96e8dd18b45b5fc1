package relation

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// symlinkExchange finds workloads with a subPath mount in a cluster with a
// kubelet that follows symbolic links out of the volume (CVE-2021-25741).
func symlinkExchange() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "symlink-exchange",
			Aliases: []string{"C-0058"},
			Title:   lang.Text{EN: "subPath mount on a node open to CVE-2021-25741", ZH: "在受 CVE-2021-25741 影响的节点上使用 subPath 挂载"},
			Risk: lang.Text{
				EN: "By exchanging a symbolic link while the container starts, an attacker reads and writes files of the node.",
				ZH: "攻击者在容器启动时替换符号链接，可读写节点上的文件。",
			},
			Advice: lang.Text{
				EN: "Upgrade the kubelet of every node.",
				ZH: "升级所有节点的 kubelet。",
			},
			Severity:   finding.Medium,
			Category:   "workload",
			Techniques: []string{"MS-TA9013"},
			Frameworks: []finding.Reference{
				{Framework: "nsa"},
				{Framework: "mitre"},
				{Framework: "armobest"},
			},
			References: []string{"https://github.com/kubernetes/kubernetes/issues/104980"},
			Fix:        control.Fix{Change: "upgrade-component"},
		},
		Needs: []graph.Kind{"Node"},
		Judge: func(f *facts, v *check.Verdicts) {
			nodes := f.vulnerableKubelets()
			for w := range f.workloads.Top() {
				mounts := subPaths(w)
				if len(nodes) == 0 || len(mounts) == 0 {
					v.Pass(w.Node)
					continue
				}
				v.Fail(w.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "%s mounts a subPath; the kubelet of node %s is open to CVE-2021-25741.",
						ZH: "%s 使用 subPath 挂载；节点 %s 的 kubelet 受 CVE-2021-25741 影响。",
					}, check.Name(w.Node.ID), nodes[0].Name),
					Evidence: append(mounts, check.Of(nodes[0].ID, kubeletVersion(nodes[0]))),
				})
			}
		},
	}
}

func kubeletVersion(node *graph.Node) graph.Value {
	return node.Object.At("status", "nodeInfo", "kubeletVersion")
}

// vulnerableKubelets lists the nodes whose kubelet has the fault: fixed in
// 1.19.15, 1.20.11, 1.21.5 and 1.22.2.
func (f *facts) vulnerableKubelets() []*graph.Node {
	fixed := map[int]int{19: 15, 20: 11, 21: 5, 22: 2}
	var nodes []*graph.Node
	for n := range f.snapshot.OfKind("Node") {
		v, ok := parseVersion(kubeletVersion(n).Str())
		if !ok || v.major != 1 {
			continue
		}
		if patch, listed := fixed[v.minor]; v.minor < 19 || listed && v.patch < patch {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

func subPaths(w workload.View) []finding.Evidence {
	var mounts []finding.Evidence
	for c := range w.Containers() {
		for _, mount := range c.Get("volumeMounts").Items() {
			for _, key := range [...]string{"subPath", "subPathExpr"} {
				if mount.Get(key).Str() != "" {
					mounts = append(mounts, check.At(mount.Get(key)))
				}
			}
		}
	}
	return mounts
}
