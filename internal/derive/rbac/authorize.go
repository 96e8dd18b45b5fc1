package rbac

import (
	"slices"
	"strings"
)

// Masters is the group that the API server lets do everything, whatever the
// rules say.
const Masters = "system:masters"

// Identity is who asks: what authentication made of a request.
type Identity struct {
	User   string
	Groups []string
}

// Account is the identity of a service account, with the groups that every
// service account has.
func Account(namespace, name string) Identity {
	return Identity{
		User:   "system:serviceaccount:" + namespace + ":" + name,
		Groups: []string{"system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"},
	}
}

// Question is one request as an authorizer sees it: about a resource, or about
// a path when that is set.
type Question struct {
	Verb        string
	Group       string // API group; empty for the core
	Resource    string
	Subresource string
	Namespace   string // empty for the whole cluster
	Name        string
	Path        string // "/metrics"
}

// Decision is the answer, with what it rests on.
type Decision struct {
	Allowed bool
	Subject Subject // of the binding, by which the identity is meant
	Binding *Binding
	Rule    GrantedRule
}

// Authorize decides as the RBAC authorizer of an API server does: bindings of
// the cluster first, then those of the namespace. The first rule that allows is
// the answer; there is none that forbids.
func (x *Index) Authorize(who Identity, q Question) Decision {
	if slices.Contains(who.Groups, Masters) {
		return Decision{Allowed: true, Subject: Subject{Kind: GroupSubject, Name: Masters}}
	}
	keys := who.keys()
	for _, namespace := range scopes(q) {
		for _, key := range keys {
			for _, i := range x.bySubject[key] {
				b := &x.bindings[i]
				if b.Namespace != namespace || b.Role == nil {
					continue
				}
				if rule, ok := b.answer(q); ok {
					return Decision{Allowed: true, Subject: b.subject(key), Binding: b, Rule: rule}
				}
			}
		}
	}
	return Decision{}
}

// scopes are where rules may stand that decide a question.
func scopes(q Question) []string {
	if q.Namespace == "" || q.Path != "" {
		return []string{""}
	}
	return []string{"", q.Namespace}
}

// keys are the names under which a binding may mean the identity.
func (who Identity) keys() []subjectKey {
	keys := []subjectKey{{User, "", who.User}}
	if account, ok := strings.CutPrefix(who.User, "system:serviceaccount:"); ok {
		if namespace, name, ok := strings.Cut(account, ":"); ok {
			keys = append(keys, subjectKey{ServiceAccount, namespace, name})
		}
	}
	for _, group := range who.Groups {
		keys = append(keys, subjectKey{GroupSubject, "", group})
	}
	return keys
}

func (b *Binding) answer(q Question) (GrantedRule, bool) {
	for _, rule := range b.Role.Rules {
		if rule.answers(q) {
			return rule, true
		}
	}
	return GrantedRule{}, false
}

func (r Rule) answers(q Question) bool {
	if !r.AllowsVerb(q.Verb) {
		return false
	}
	if q.Path != "" {
		return r.AllowsPath(q.Path)
	}
	resource := q.Resource
	if q.Subresource != "" {
		resource += "/" + q.Subresource
	}
	return r.AllowsGroup(q.Group) && r.AllowsResource(resource) && r.AllowsName(q.Name)
}

// AllowsPath reports whether the rule covers a path that is no resource. An
// entry that ends in an asterisk covers everything that begins with the rest.
func (r Rule) AllowsPath(path string) bool {
	return slices.ContainsFunc(r.URLs, func(entry string) bool {
		prefix, open := strings.CutSuffix(entry, "*")
		return entry == path || open && strings.HasPrefix(path, strings.TrimRight(prefix, "*"))
	})
}
