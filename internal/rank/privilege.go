package rank

import (
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// privilege weighs what a process in the workload can do to its node.
type privilege struct{}

func (privilege) weigh(_ *Facts, workloads []workload.View) Reason {
	for _, v := range workloads {
		if what, ok := nodeAccess(v); ok {
			who := kindAndName(v.Node)
			return Reason{Factor: "privilege", Value: 1.5, Sentence: lang.Text{
				EN: fmt.Sprintf("%s reaches into its node: %s.", who, what.EN),
				ZH: fmt.Sprintf("%s 可以触及所在节点：%s。", who, what.ZH),
			}}
		}
	}
	return Reason{Factor: "privilege", Value: 1}
}

// nodeAccess finds a setting with which a process leaves its container.
func nodeAccess(v workload.View) (lang.Text, bool) {
	for c := range v.Containers() {
		if c.At("securityContext", "privileged").True() {
			name := c.Get("name").Str()
			return lang.Text{EN: "container " + name + " is privileged", ZH: "容器 " + name + " 为特权容器"}, true
		}
		if capability, ok := addsCapability(c.Value); ok {
			return lang.Text{EN: "capability " + capability, ZH: "权能 " + capability}, true
		}
	}
	for _, volume := range v.PodSpec.Get("volumes").Items() {
		if path := volume.At("hostPath", "path").Str(); path != "" {
			return lang.Text{EN: "it mounts " + path + " of the node", ZH: "挂载了节点的 " + path}, true
		}
	}
	for _, field := range [...]string{"hostPID", "hostNetwork", "hostIPC"} {
		if v.PodSpec.Get(field).True() {
			return lang.Text{EN: "it shares the node's namespace (" + field + ")", ZH: "与节点共享命名空间（" + field + "）"}, true
		}
	}
	return lang.Text{}, false
}

func addsCapability(container graph.Value) (string, bool) {
	for _, item := range container.At("securityContext", "capabilities", "add").Items() {
		switch name := strings.TrimPrefix(strings.ToUpper(item.Str()), "CAP_"); name {
		case "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "DAC_READ_SEARCH", "ALL":
			return name, true
		}
	}
	return "", false
}
