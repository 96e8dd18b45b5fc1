package rbac

import "github.com/foilsec/foil/internal/graph"

// Group is the API group of all kinds of this domain.
const Group = "rbac.authorization.k8s.io"

// The kinds of this domain.
const (
	RoleKind               graph.Kind = Group + "/Role"
	ClusterRoleKind        graph.Kind = Group + "/ClusterRole"
	RoleBindingKind        graph.Kind = Group + "/RoleBinding"
	ClusterRoleBindingKind graph.Kind = Group + "/ClusterRoleBinding"
)

// Kinds lists every kind that must be visible to know all that is granted.
func Kinds() []graph.Kind {
	return []graph.Kind{RoleKind, ClusterRoleKind, RoleBindingKind, ClusterRoleBindingKind}
}
