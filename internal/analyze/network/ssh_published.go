package network

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// sshPublished finds workloads to which a Service leads on a port of SSH.
func sshPublished() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "ssh-published",
			Aliases: []string{"C-0042"},
			Title:   lang.Text{EN: "Service leads to an SSH port", ZH: "Service 指向 SSH 端口"},
			Risk: lang.Text{
				EN: "With a guessed or stolen password an attacker logs in to the container, past the API server and its audit log.",
				ZH: "攻击者猜中或窃取口令后可登录容器，绕过 API 服务器及其审计日志。",
			},
			Advice: lang.Text{
				EN: "Take the SSH server out of the image; use kubectl exec or an ephemeral container to debug.",
				ZH: "从镜像中移除 SSH 服务器；调试时使用 kubectl exec 或临时容器。",
			},
			Severity:   finding.Low,
			Category:   "network",
			Techniques: []string{"MS-TA9010"},
			Frameworks: []finding.Reference{
				{Framework: "mitre"},
			},
			Fix: control.Fix{Change: "reduce-exposure"},
		},
		Proof: []graph.Kind{workload.Service},
		Judge: func(f *facts, v *check.Verdicts) {
			ports := f.sshPorts()
			for w := range f.workloads.Top() {
				evidence := ports[w.Node.ID]
				if len(evidence) == 0 {
					v.Pass(w.Node)
					continue
				}
				v.Fail(w.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "%s leads to port %s of %s, as SSH servers use it.",
						ZH: "%s 指向 %[3]s 的端口 %[2]s，该端口通常用于 SSH 服务器。",
					}, check.Name(evidence[0].Node), evidence[0].Value, check.Name(w.Node.ID)),
					Evidence: append([]finding.Evidence{labelEvidence(w)}, evidence...),
				})
			}
		},
	}
}

// sshPorts finds the ports of Services that SSH servers listen on, by the
// workload that they lead to.
func (f *facts) sshPorts() map[graph.NodeID][]finding.Evidence {
	found := make(map[graph.NodeID][]finding.Evidence)
	for service := range f.snapshot.OfKind(workload.Service) {
		field, ok := sshPort(service)
		if !ok {
			continue
		}
		for w := range f.workloads.SelectedBy(service) {
			found[w.Node.ID] = append(found[w.Node.ID], check.Of(service.ID, field))
		}
	}
	return found
}

func sshPort(service *graph.Node) (graph.Value, bool) {
	for _, port := range service.Object.At("spec", "ports").Items() {
		for _, key := range [...]string{"port", "targetPort"} {
			if number, _ := port.Get(key).Int(); number == 22 || number == 2222 {
				return port.Get(key), true
			}
		}
	}
	return graph.Value{}, false
}
