package access

import (
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// accountHasRights finds service accounts that any role is bound to.
func accountHasRights() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "account-has-rights",
			Aliases: []string{"C-0053"},
			Title:   lang.Text{EN: "Service account has rights on the API", ZH: "服务账户拥有 API 权限"},
			Risk: lang.Text{
				EN: "Whoever takes over a pod of this account holds its token and can use these rights.",
				ZH: "攻破使用该账户的 Pod 者即持有其令牌，可使用这些权限。",
			},
			Advice: lang.Text{
				EN: "Check that each pod of the account needs these rights, and keep them in a role of its own.",
				ZH: "确认使用该账户的每个 Pod 都需要这些权限，并将其置于专用角色中。",
			},
			Severity:   finding.Low,
			Category:   "access",
			Techniques: []string{"MS-TA9016"},
			Frameworks: []finding.Reference{
				{Framework: "mitre"},
			},
			Fix: control.Fix{Change: "reduce-binding"},
		},
		Proof: rbac.Kinds(),
		Judge: func(f *facts, v *check.Verdicts) {
			for b := range f.bindings.All() {
				accounts := accountsOf(b)
				if b.Role == nil || len(accounts) == 0 {
					v.Pass(b.Node)
					continue
				}
				v.Fail(b.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "%s has the rights of %s.",
						ZH: "%s 拥有 %s 的权限。",
					}, subjectNames(accounts), check.Name(b.Role.ID)),
					Evidence: bindingEvidence(b, accounts),
				})
			}
		},
	}
}

func accountsOf(b *rbac.Binding) []rbac.Subject {
	var accounts []rbac.Subject
	for _, s := range b.Subjects {
		if s.Kind == rbac.ServiceAccount {
			accounts = append(accounts, s)
		}
	}
	return accounts
}
