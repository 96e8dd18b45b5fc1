package exception

import "github.com/foilsec/foil/internal/graph"

// FromSnapshot reads the exceptions that a snapshot holds: annotations of its
// objects, and exceptions that are objects themselves.
func FromSnapshot(s *graph.Snapshot) []Exception {
	var list []Exception
	for n := range s.Nodes() {
		list = append(list, fromAnnotations(s, n)...)
	}
	for n := range s.OfKind(securityException, clusterSecurityException) {
		if x, ok := fromObject(s, n); ok {
			list = append(list, x)
		}
	}
	return list
}
