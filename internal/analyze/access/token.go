package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// tokenMount says whether the containers of a workload get a token.
type tokenMount struct {
	account  string
	mounted  bool
	evidence finding.Evidence
}

// tokenMount follows the kubelet: what the pod says wins over what its service
// account says, and silence on both sides means that the token is mounted. When
// service accounts could not be read, a silent pod counts as not mounted.
func (f *facts) tokenMount(w workload.View) tokenMount {
	account, _ := w.ServiceAccount()
	mount := tokenMount{account: account}
	if field := w.PodSpec.Get("automountServiceAccountToken"); field.Kind() == graph.Bool {
		mount.mounted, mount.evidence = field.True(), check.At(field)
		return mount
	}
	mount.evidence = check.Unset(w.PodSpec, "automountServiceAccountToken")
	n, exists := f.snapshot.Node(graph.ObjectID("", string(workload.ServiceAccount), w.Node.Namespace, account))
	if !exists {
		mount.mounted = f.snapshot.Sees(workload.ServiceAccount)
		return mount
	}
	automount, set := n.Object.Get("automountServiceAccountToken").Bool()
	mount.mounted = automount || !set
	return mount
}

// judgeRights fails every workload whose mounted token has one of the rights.
func (f *facts) judgeRights(v *check.Verdicts, message lang.Text, rights ...grant) {
	for w := range f.workloads.Top() {
		mount := f.tokenMount(w)
		if !mount.mounted {
			v.Pass(w.Node)
			continue
		}
		b, evidence := f.firstRight(w, mount.account, rights)
		if b == nil {
			v.Pass(w.Node)
			continue
		}
		v.Fail(w.Node, check.Fault{
			Message:  check.Say(message, check.Name(w.Node.ID), check.Name(b.Node.ID)),
			Evidence: append([]finding.Evidence{mount.evidence}, evidence...),
		})
	}
}

// firstRight is the first binding that gives an account one of the rights, and
// the evidence of all of them.
func (f *facts) firstRight(w workload.View, account string, rights []grant) (first *rbac.Binding, evidence []finding.Evidence) {
	for b, subject := range f.bindings.OfAccount(w.Node.Namespace, account) {
		for _, g := range rights {
			rules := g.matches(b.Role)
			if len(rules) == 0 {
				continue
			}
			if first == nil {
				first = b
			}
			evidence = append(evidence, subjectEvidence(b, subject))
			evidence = append(evidence, g.evidence(rules)...)
		}
	}
	return first, evidence
}

// subjectEvidence is the entry of a binding that means the account.
func subjectEvidence(b *rbac.Binding, subject rbac.Subject) finding.Evidence {
	return finding.Evidence{
		Node: b.Node.ID, Path: subject.Field.Path(), Value: subject.String(), Position: subject.Field.Position(),
	}
}
