package relation

import (
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// sharedEtcdCA finds an etcd that trusts the same certificate authority as the
// API server does for its clients.
func sharedEtcdCA() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "shared-etcd-ca",
			Aliases: []string{"C-0159"},
			Title:   lang.Text{EN: "etcd shares the certificate authority of the API server", ZH: "etcd 与 API 服务器共用证书颁发机构"},
			Risk: lang.Text{
				EN: "Every client certificate of the cluster also opens etcd, where all Secrets are, past the API server.",
				ZH: "集群的任何客户端证书也能绕过 API 服务器打开存有全部 Secret 的 etcd。",
			},
			Advice: lang.Text{
				EN: "Give etcd a certificate authority of its own in --trusted-ca-file.",
				ZH: "在 --trusted-ca-file 中为 etcd 指定独立的证书颁发机构。",
			},
			Severity:   finding.High,
			Category:   "control-plane",
			Techniques: []string{"MS-TA9025"},
			Frameworks: []finding.Reference{
				{Framework: "cis-v1.12.0", Item: "2.7"},
				{Framework: "cis-v1.10.0", Item: "2.7"},
			},
			References: []string{"https://kubernetes.io/docs/setup/best-practices/certificates/"},
			Fix:        control.Fix{Change: "harden-etcd"},
		},
		Judge: func(f *facts, v *check.Verdicts) {
			stores := f.flags("etcd", "--trusted-ca-file")
			servers := f.flags("kube-apiserver", "--client-ca-file")
			judge := func(own, others []flag) {
				for _, one := range own {
					other, shared := sameValue(one, others)
					if !shared {
						v.Pass(one.pod)
						continue
					}
					v.Fail(one.pod, check.Fault{
						Message: check.Say(lang.Text{
							EN: "etcd and the API server trust the same certificate authority, %s.",
							ZH: "etcd 与 API 服务器信任同一证书颁发机构 %s。",
						}, one.value),
						Evidence: []finding.Evidence{check.At(one.field), check.Of(other.pod.ID, other.field)},
					})
				}
			}
			judge(stores, servers)
			judge(servers, stores)
		},
	}
}

// flag is an argument of a component of the control plane.
type flag struct {
	pod   *graph.Node
	field graph.Value
	value string
}

// flags finds an argument in every pod that runs the component: by itself, as
// the static pods of the control plane do.
func (f *facts) flags(component, name string) []flag {
	var found []flag
	for pod := range f.snapshot.OfKind(workload.Pod) {
		containers := pod.Object.At("spec", "containers")
		if containers.Len() != 1 || !runs(containers.Item(0), component) {
			continue
		}
		found = append(found, argument(pod, containers.Item(0), name)...)
	}
	return found
}

func runs(container graph.Value, component string) bool {
	binary, _, _ := strings.Cut(container.Get("command").Item(0).Str(), " ")
	return strings.HasSuffix(binary, component)
}

func argument(pod *graph.Node, container graph.Value, name string) []flag {
	for _, list := range [...]string{"command", "args"} {
		for _, item := range container.Get(list).Items() {
			if key, value, ok := strings.Cut(item.Str(), "="); ok && key == name {
				return []flag{{pod, item, value}}
			}
		}
	}
	return nil
}

func sameValue(one flag, others []flag) (flag, bool) {
	for _, other := range others {
		if other.value == one.value {
			return other, true
		}
	}
	return flag{}, false
}
