package rank

import (
	"fmt"

	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// access weighs what the workload's service account may do at the API server.
type access struct{}

func (access) weigh(f *Facts, workloads []workload.View) Reason {
	best := Reason{Factor: "access", Value: 1}
	for _, v := range workloads {
		account, _ := v.ServiceAccount()
		if !holdsToken(f, v, account) {
			continue
		}
		for b := range f.Grants.OfAccount(v.Node.Namespace, account) {
			if r := grantReason(v, account, b); r.Value > best.Value {
				best = r
			}
		}
	}
	return best
}

// holdsToken reports whether a process in the workload finds a token: the kubelet
// mounts one unless the pod or else its account says no, and a pod may project
// one itself.
func holdsToken(f *Facts, v workload.View, account string) bool {
	for _, volume := range v.PodSpec.Get("volumes").Items() {
		for _, source := range volume.At("projected", "sources").Items() {
			if source.Get("serviceAccountToken").Exists() {
				return true
			}
		}
	}
	if automount, set := v.PodSpec.Get("automountServiceAccountToken").Bool(); set {
		return automount
	}
	if n, ok := f.Snapshot.Node(graph.ObjectID("", string(workload.ServiceAccount), v.Node.Namespace, account)); ok {
		automount, set := n.Object.Get("automountServiceAccountToken").Bool()
		return automount || !set
	}
	return true
}

// grantReason weighs one binding by the most dangerous rule of its role.
func grantReason(v workload.View, account string, b *rbac.Binding) Reason {
	best := Reason{Factor: "access", Value: 1}
	if b.Role == nil {
		return best
	}
	who := "ServiceAccount " + v.Node.Namespace + "/" + account
	via := kindAndName(b.Node)
	for _, granted := range b.Role.Rules {
		value, can := dangerous(granted.Rule)
		if value > best.Value {
			best.Value = value
			best.Sentence = lang.Text{
				EN: fmt.Sprintf("Runs as %s, which can %s (%s).", who, can.EN, via),
				ZH: fmt.Sprintf("以 %s 运行，可%s（%s）。", who, can.ZH, via),
			}
		}
	}
	return best
}

// dangerous is what a rule is worth to an attacker.
func dangerous(r rbac.Rule) (float64, lang.Text) {
	switch {
	case r.Allows("*", "*", "*"):
		return 2, lang.Text{EN: "do everything", ZH: "执行任何操作"}
	case r.Allows("escalate", "rbac.authorization.k8s.io", "clusterroles"), r.Allows("bind", "rbac.authorization.k8s.io", "clusterroles"), r.Allows("impersonate", "", "users"):
		return 1.8, lang.Text{EN: "give itself more rights", ZH: "为自己授予更多权限"}
	case r.Allows("get", "", "secrets"), r.Allows("list", "", "secrets"):
		return 1.5, lang.Text{EN: "read Secrets", ZH: "读取 Secret"}
	case r.Allows("create", "", "pods"), r.Allows("create", "apps", "deployments"), r.Allows("create", "", "pods/exec"):
		return 1.4, lang.Text{EN: "run code in pods", ZH: "在 Pod 中运行代码"}
	}
	return 1, lang.Text{}
}
