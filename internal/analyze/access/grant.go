package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// grant is a set of rights that a control looks for: any of the verbs, on any
// of the resources, in any of the groups. The three lists are matched apart, as
// people mix them up when they write rules.
type grant struct {
	verbs, groups, resources []string
	// name is an object that must be within the rule; any when empty.
	name string
}

// within reports whether a rule gives the rights.
func (g grant) within(r rbac.Rule) bool {
	return slices.ContainsFunc(g.verbs, r.AllowsVerb) &&
		slices.ContainsFunc(g.groups, r.AllowsGroup) &&
		slices.ContainsFunc(g.resources, r.AllowsResource) &&
		(g.name == "" || r.AllowsName(g.name))
}

// matches finds the rules of a role that give the rights.
func (g grant) matches(role *rbac.Role) []rbac.GrantedRule {
	if role == nil {
		return nil
	}
	var found []rbac.GrantedRule
	for _, rule := range role.Rules {
		if g.within(rule.Rule) {
			found = append(found, rule)
		}
	}
	return found
}

// granted is a control that finds bindings by which somebody has rights. The
// right completes "X may …".
func granted(metadata control.Metadata, right lang.Text, g grant) check.Control[*facts] {
	return check.Control[*facts]{
		Metadata: metadata,
		Proof:    rbac.Kinds(),
		Judge: func(f *facts, v *check.Verdicts) {
			for b := range f.bindings.All() {
				rules := g.matches(b.Role)
				if len(rules) == 0 || len(b.Subjects) == 0 {
					v.Pass(b.Node)
					continue
				}
				v.Fail(b.Node, check.Fault{
					Message:  grantMessage(b, right),
					Evidence: append(bindingEvidence(b, b.Subjects), g.evidence(rules)...),
				})
			}
		},
	}
}

func grantMessage(b *rbac.Binding, right lang.Text) lang.Text {
	scope := lang.Text{EN: "everywhere in the cluster", ZH: "在整个集群中"}
	if b.Namespace != "" {
		scope = check.Say(lang.Text{EN: "in namespace %s", ZH: "在命名空间 %s 中"}, b.Namespace)
	}
	return lang.Text{
		EN: fmt.Sprintf("%s may %s %s, granted by %s.", subjectNames(b.Subjects), right.EN, scope.EN, check.Name(b.Role.ID)),
		ZH: fmt.Sprintf("%s 可以%s%s，由 %s 授予。", subjectNames(b.Subjects), scope.ZH, right.ZH, check.Name(b.Role.ID)),
	}
}

// subjectNames lists subjects, the first few by name.
func subjectNames(subjects []rbac.Subject) string {
	const most = 4
	var names []string
	for _, s := range subjects[:min(most, len(subjects))] {
		names = append(names, s.String())
	}
	if len(subjects) > most {
		names = append(names, fmt.Sprintf("+%d", len(subjects)-most))
	}
	return strings.Join(names, ", ")
}

// bindingEvidence is who the binding binds to what.
func bindingEvidence(b *rbac.Binding, subjects []rbac.Subject) []finding.Evidence {
	var evidence []finding.Evidence
	for _, s := range subjects {
		evidence = append(evidence, finding.Evidence{Path: s.Field.Path(), Value: s.String(), Position: s.Field.Position()})
	}
	return append(evidence, check.At(b.RoleRef().Get("name")))
}

// evidence is the entries of the rules that give the rights.
func (g grant) evidence(rules []rbac.GrantedRule) []finding.Evidence {
	const most = 5
	var evidence []finding.Evidence
	for _, rule := range rules[:min(most, len(rules))] {
		if !rule.Value.Exists() {
			return append(evidence, check.Note(rule.Role, lang.Text{
				EN: "This role comes with every cluster; its rules are not in the scanned objects.",
				ZH: "该角色随每个集群提供，其规则不在所扫描的对象中。",
			}))
		}
		for _, part := range [...]struct {
			list   graph.Value
			wanted []string
			covers func(entry, name string) bool
		}{
			{rule.Value.Get("resources"), g.resources, rbac.CoversResource},
			{rule.Value.Get("verbs"), g.verbs, nameOrAll},
			{rule.Value.Get("apiGroups"), g.groups, nameOrAll},
		} {
			for _, entry := range part.list.Items() {
				if slices.ContainsFunc(part.wanted, func(name string) bool { return part.covers(entry.Str(), name) }) {
					evidence = append(evidence, check.Of(rule.Role, entry))
				}
			}
		}
	}
	return evidence
}

func nameOrAll(entry, name string) bool { return entry == name || entry == "*" }
