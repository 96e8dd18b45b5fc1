// Package rbac knows who is granted what: bindings, their subjects, and the
// rules of the role that each binding refers to, with aggregated ClusterRoles
// filled in as the cluster would.
//
// It reads a graph snapshot and judges nothing. Only objects of the RBAC API
// group count, a Role only in its own namespace, and a ClusterRole that is
// bound by a RoleBinding only in the namespace of the binding.
package rbac
