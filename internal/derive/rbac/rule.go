package rbac

import (
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// Rule is one rule of a role.
type Rule struct {
	Verbs, Groups, Resources, Names, URLs []string
	// Value is the rule as written; absent for the built-in roles.
	Value graph.Value
}

// Allows reports whether the rule lets its subjects use a verb on a resource
// of an API group, on at least one object. The resource may have a subresource:
// "pods/exec". As in the API server, "*" stands for everything, "*/exec" for
// that subresource of everything, and "pods/*" for nothing at all.
func (r Rule) Allows(verb, group, resource string) bool {
	return r.AllowsVerb(verb) && r.AllowsGroup(group) && r.AllowsResource(resource)
}

// AllowsVerb reports whether the rule names the verb or all verbs.
func (r Rule) AllowsVerb(verb string) bool { return namesOrAll(r.Verbs, verb) }

// AllowsGroup reports whether the rule names the API group or all groups.
func (r Rule) AllowsGroup(group string) bool { return namesOrAll(r.Groups, group) }

// AllowsResource reports whether the rule covers the resource.
func (r Rule) AllowsResource(resource string) bool {
	return slices.ContainsFunc(r.Resources, func(entry string) bool { return CoversResource(entry, resource) })
}

// CoversResource reports whether one entry of a rule's resources covers a
// resource.
func CoversResource(entry, resource string) bool {
	if entry == "*" || entry == resource {
		return true
	}
	_, subresource, ok := strings.Cut(resource, "/")
	return ok && entry == "*/"+subresource
}

// AllowsName reports whether the rule covers an object of this name.
func (r Rule) AllowsName(name string) bool {
	return len(r.Names) == 0 || slices.Contains(r.Names, name)
}

func namesOrAll(entries []string, name string) bool {
	return slices.Contains(entries, name) || slices.Contains(entries, "*")
}

func parseRules(role graph.Value) []Rule {
	items := role.Get("rules")
	rules := make([]Rule, 0, items.Len())
	for _, item := range items.Items() {
		rules = append(rules, Rule{
			Verbs: texts(item.Get("verbs")), Groups: texts(item.Get("apiGroups")),
			Resources: texts(item.Get("resources")), Names: texts(item.Get("resourceNames")),
			URLs: texts(item.Get("nonResourceURLs")), Value: item,
		})
	}
	return rules
}

func texts(list graph.Value) []string {
	if list.Len() == 0 {
		return nil
	}
	out := make([]string, 0, list.Len())
	for _, item := range list.Items() {
		out = append(out, item.Str())
	}
	return out
}
