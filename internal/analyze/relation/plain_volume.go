package relation

import (
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// plainVolume finds PersistentVolumes of a storage class that does not
// encrypt.
func plainVolume() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "plain-persistent-volume",
			Aliases: []string{"C-0264"},
			Title:   lang.Text{EN: "PersistentVolume is not encrypted", ZH: "PersistentVolume 未加密"},
			Risk: lang.Text{
				EN: "Whoever gets at the disk, a snapshot or a backup of it reads the data.",
				ZH: "能接触该磁盘、其快照或备份者可读取数据。",
			},
			Advice: lang.Text{
				EN: "Use a storage class that encrypts its volumes.",
				ZH: "使用会对卷加密的存储类。",
			},
			Severity:   finding.Medium,
			Category:   "secrets",
			Techniques: []string{"MS-TA9041"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
				{Framework: "soc2"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/storage/storage-classes/"},
			Fix:        control.Fix{Change: "encrypt-storage"},
		},
		Needs: []graph.Kind{storageClass},
		Judge: func(f *facts, v *check.Verdicts) {
			for n := range f.snapshot.OfKind("PersistentVolume") {
				class := n.Object.At("spec", "storageClassName")
				found, ok := f.snapshot.Node(graph.ObjectID("storage.k8s.io", "StorageClass", "", class.Str()))
				if !ok || encrypts(found) {
					v.Pass(n)
					continue
				}
				v.Fail(n, check.Fault{
					Message: check.Say(lang.Text{
						EN: "StorageClass %s does not ask for encryption.",
						ZH: "StorageClass %s 未要求加密。",
					}, found.Name),
					Evidence: []finding.Evidence{check.At(class), check.Of(found.ID, found.Object.Get("provisioner"))},
				})
			}
		},
	}
}

const storageClass graph.Kind = "storage.k8s.io/StorageClass"

// encrypts reports whether volumes of a class are encrypted: because it asks
// for it, or because the disks of the cloud always are.
func encrypts(class *graph.Node) bool {
	provisioner := class.Object.Get("provisioner").Str()
	return class.Object.At("parameters", "encrypted").Text() == "true" ||
		strings.Contains(provisioner, "azure") ||
		strings.Contains(provisioner, "csi.storage.gke.io")
}
