package exception

import (
	"strings"

	"github.com/foilsec/foil/internal/derive/selector"
	"github.com/foilsec/foil/internal/graph"
)

// Object selects objects by everything that is set.
type Object struct {
	// Kind is a kind, with or without its API group: "Deployment",
	// "apps/Deployment".
	Kind  Pattern
	Group Pattern
	// Namespace covers the objects in a namespace and the Namespace itself.
	Namespace Pattern
	Name      Pattern
	File      Pattern
	Labels    selector.Selector
	// Among are the namespaces that were selected by their labels; nil is every
	// namespace, and objects in none.
	Among map[string]bool
}

func (o Object) covers(n *graph.Node) bool {
	group, kind, _ := cutLast(string(n.Kind), '/')
	namespace := n.Namespace
	if n.Kind == "Namespace" {
		namespace = n.Name
	}
	return (o.Kind.matches(kind) || o.Kind.matches(string(n.Kind))) && o.Group.matches(group) &&
		o.Namespace.matches(namespace) && o.Name.matches(n.Name) && o.File.matches(n.Provenance.Position.File) &&
		(o.Among == nil || o.Among[namespace]) &&
		(o.Labels.Empty() || o.Labels.Matches(n.Object.At("metadata", "labels")))
}

// cutLast splits a text at the last separator; without one, all is after it.
func cutLast(text string, separator byte) (before, after string, found bool) {
	i := strings.LastIndexByte(text, separator)
	if i < 0 {
		return "", text, false
	}
	return text[:i], text[i+1:], true
}
