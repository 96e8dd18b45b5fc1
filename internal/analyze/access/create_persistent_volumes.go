package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// createPersistentVolumes finds who may create volumes.
func createPersistentVolumes() check.Control[*facts] {
	return granted(control.Metadata{
		ID:      "create-persistent-volumes",
		Aliases: []string{"C-0278"},
		Title:   lang.Text{EN: "Subject may create PersistentVolumes", ZH: "主体可以创建 PersistentVolume"},
		Risk: lang.Text{
			EN: "A PersistentVolume of type hostPath opens any path of a node to the pod that claims it, past Pod Security admission.",
			ZH: "hostPath 类型的 PersistentVolume 可绕过 Pod 安全准入，将节点上的任意路径开放给申领它的 Pod。",
		},
		Advice: lang.Text{
			EN: "Leave the creation of volumes to storage provisioners and cluster administrators.",
			ZH: "将卷的创建留给存储供应程序和集群管理员。",
		},
		Severity:   finding.Medium,
		Category:   "access",
		Techniques: []string{"MS-TA9013"},
		Frameworks: []finding.Reference{
			{Framework: "cis-v1.12.0", Item: "5.1.9"},
			{Framework: "cis-v1.10.0", Item: "5.1.9"},
			{Framework: "cis-eks-t1.8.0"},
		},
		References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#persistent-volume-creation"},
		Fix:        control.Fix{Change: "reduce-role"},
	}, lang.Text{EN: "create PersistentVolumes", ZH: "创建 PersistentVolume"}, grant{
		verbs:     []string{"create"},
		groups:    []string{""},
		resources: []string{"persistentvolumes"},
	})
}
