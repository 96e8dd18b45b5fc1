package access

import (
	"slices"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// authenticatedHasRights finds roles on workloads, nodes and Secrets that
// every authenticated caller has.
func authenticatedHasRights() check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: control.Metadata{
			ID:      "authenticated-has-rights",
			Aliases: []string{"C-0265"},
			Title:   lang.Text{EN: "Every authenticated caller has sensitive rights", ZH: "所有已认证调用者都拥有敏感权限"},
			Risk: lang.Text{
				EN: "The group system:authenticated holds every user and every service account; on some clouds also accounts outside the organisation.",
				ZH: "system:authenticated 组包含所有用户与服务账户；在某些云上还包含组织外的账户。",
			},
			Advice: lang.Text{
				EN: "Bind the role to named groups or accounts instead of system:authenticated.",
				ZH: "将该角色绑定到具体的组或账户，而不是 system:authenticated。",
			},
			Severity:   finding.High,
			Category:   "access",
			Techniques: []string{"MS-TA9019"},
			Frameworks: []finding.Reference{
				{Framework: "security"},
				{Framework: "clusterscan"},
				{Framework: "cis-gke-v1.9.0"},
			},
			References: []string{"https://kubernetes.io/docs/concepts/security/rbac-good-practices/#reduce-risk-of-escalation"},
			Fix:        control.Fix{Change: "reduce-binding"},
		},
		Proof: rbac.Kinds(),
		Judge: func(f *facts, v *check.Verdicts) {
			for b := range f.bindings.All() {
				everybody := authenticatedOf(b)
				entries := sensitiveEntries(b.Role)
				if len(everybody) == 0 || len(entries) == 0 {
					v.Pass(b.Node)
					continue
				}
				v.Fail(b.Node, check.Fault{
					Message: check.Say(lang.Text{
						EN: "Every authenticated caller has the rights of %s.",
						ZH: "所有已认证调用者都拥有 %s 的权限。",
					}, check.Name(b.Role.ID)),
					Evidence: append(bindingEvidence(b, everybody), entries...),
				})
			}
		},
	}
}

func authenticatedOf(b *rbac.Binding) []rbac.Subject {
	var everybody []rbac.Subject
	for _, s := range b.Subjects {
		if s.Kind == rbac.GroupSubject && s.Name == "system:authenticated" {
			everybody = append(everybody, s)
		}
	}
	return everybody
}

// sensitiveEntries are the resources of the role that nobody should have just
// because they could log in, with whatever verb.
func sensitiveEntries(role *rbac.Role) []finding.Evidence {
	if role == nil {
		return nil
	}
	sensitive := []string{
		"*", "pods", "pods/exec", "pods/attach", "pods/portforward",
		"deployments", "statefulsets", "daemonsets", "jobs", "cronjobs", "nodes", "secrets",
	}
	var entries []finding.Evidence
	for _, rule := range role.Rules {
		for i, resource := range rule.Resources {
			if !slices.Contains(sensitive, resource) {
				continue
			}
			if field := rule.Value.Get("resources").Item(i); field.Exists() {
				entries = append(entries, check.Of(rule.Role, field))
			} else {
				entries = append(entries, finding.Evidence{Node: rule.Role, Value: resource})
			}
		}
	}
	return entries
}
