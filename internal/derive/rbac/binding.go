package rbac

import (
	"iter"

	"github.com/foilsec/foil/internal/graph"
)

// SubjectKind is who a binding grants to.
type SubjectKind string

// The kinds of subject.
const (
	User           SubjectKind = "User"
	GroupSubject   SubjectKind = "Group"
	ServiceAccount SubjectKind = "ServiceAccount"
)

// Subject is one entry of a binding's subjects.
type Subject struct {
	Kind      SubjectKind
	Namespace string // of a ServiceAccount
	Name      string
	Field     graph.Value // the entry
}

// String is the subject as people write it: "ServiceAccount shop/runner".
func (s Subject) String() string {
	if s.Namespace == "" {
		return string(s.Kind) + " " + s.Name
	}
	return string(s.Kind) + " " + s.Namespace + "/" + s.Name
}

// Binding grants the rules of one role to its subjects.
type Binding struct {
	Node *graph.Node
	// Namespace is where the rules hold; empty for the whole cluster.
	Namespace string
	Subjects  []Subject
	// Role is nil when the role that the binding names does not exist; nothing
	// is granted then.
	Role *Role
}

// RoleRef is the field that names the role.
func (b Binding) RoleRef() graph.Value { return b.Node.Object.Get("roleRef") }

// Index is every binding of a snapshot. It is immutable and safe for
// concurrent use.
type Index struct {
	bindings  []Binding
	bySubject map[subjectKey][]int32
}

type subjectKey struct {
	kind            SubjectKind
	namespace, name string
}

// NewIndex reads every binding and the role that it refers to.
func NewIndex(s *graph.Snapshot) *Index {
	roles := newRoles(s)
	x := &Index{bySubject: make(map[subjectKey][]int32)}
	for n := range s.OfKind(ClusterRoleBindingKind, RoleBindingKind) {
		ref := n.Object.Get("roleRef")
		b := Binding{Node: n, Subjects: subjects(n), Role: roles.resolve(ref.Get("kind").Str(), n.Namespace, ref.Get("name").Str())}
		if n.Kind == RoleBindingKind {
			b.Namespace = n.Namespace
		} else if ref.Get("kind").Str() != "ClusterRole" {
			b.Role = nil // a Role can't be bound for the whole cluster
		}
		i := int32(len(x.bindings))
		x.bindings = append(x.bindings, b)
		for _, subject := range b.Subjects {
			key := subjectKey{subject.Kind, subject.Namespace, subject.Name}
			x.bySubject[key] = append(x.bySubject[key], i)
		}
	}
	return x
}

// All yields every binding.
func (x *Index) All() iter.Seq[*Binding] {
	return func(yield func(*Binding) bool) {
		for i := range x.bindings {
			if !yield(&x.bindings[i]) {
				return
			}
		}
	}
}

// Len is the number of bindings.
func (x *Index) Len() int { return len(x.bindings) }

// OfAccount yields the bindings whose rules a service account has, each with
// the subject that stands for it: the account itself, or one of the groups
// that every account or every authenticated caller is in.
func (x *Index) OfAccount(namespace, name string) iter.Seq2[*Binding, Subject] {
	return func(yield func(*Binding, Subject) bool) {
		for _, key := range accountKeys(namespace, name) {
			for _, i := range x.bySubject[key] {
				b := &x.bindings[i]
				if !yield(b, b.subject(key)) {
					return
				}
			}
		}
	}
}

// accountKeys are the names under which a binding may mean a service account.
func accountKeys(namespace, name string) []subjectKey {
	return []subjectKey{
		{ServiceAccount, namespace, name},
		{User, "", "system:serviceaccount:" + namespace + ":" + name},
		{GroupSubject, "", "system:serviceaccounts:" + namespace},
		{GroupSubject, "", "system:serviceaccounts"},
		{GroupSubject, "", "system:authenticated"},
	}
}

func (b *Binding) subject(key subjectKey) Subject {
	for _, s := range b.Subjects {
		if (subjectKey{s.Kind, s.Namespace, s.Name}) == key {
			return s
		}
	}
	return Subject{}
}

func subjects(n *graph.Node) []Subject {
	items := n.Object.Get("subjects")
	out := make([]Subject, 0, items.Len())
	for _, item := range items.Items() {
		s := Subject{Kind: SubjectKind(item.Get("kind").Str()), Name: item.Get("name").Str(), Field: item}
		if s.Kind == ServiceAccount {
			// The API server wants a namespace; a RoleBinding in a file that
			// has none means its own.
			s.Namespace = item.Get("namespace").Str()
			if s.Namespace == "" {
				s.Namespace = n.Namespace
			}
		}
		out = append(out, s)
	}
	return out
}
