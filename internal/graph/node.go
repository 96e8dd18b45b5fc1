package graph

import "time"

// Kind names the type of a node. For Kubernetes objects it is the kind with
// its API group, for example "Pod" or "apps/Deployment".
type Kind string

// Node is one thing that exists. Nodes are values: a snapshot hands out copies
// that share the immutable document.
type Node struct {
	ID         NodeID
	Kind       Kind
	Namespace  string
	Name       string
	Object     Value // the object as read; absent when the node is no object
	Provenance Provenance
}

// Provenance says from where and when a fact is known.
type Provenance struct {
	// Source is the room that read the fact: "manifest", "cluster".
	Source string
	// Origin is what the source read: a file, a chart, or an API server with
	// the resource and name.
	Origin string
	// Position is where the object begins; zero for objects from an API server.
	Position Position
	// ObservedAt is when the source read it.
	ObservedAt time.Time
}

// Gap is a part of the world that a source could not read. A gap is never the
// same as an empty result: what is in a gap is unknown.
type Gap struct {
	// Subject is what could not be read: a file, a document, an API resource.
	Subject string `json:"subject"`
	// Position is where in a file, if the subject is one.
	Position Position `json:"position,omitzero"`
	// Reason says why, and what to do about it.
	Reason string `json:"reason"`
	// Kinds are the kinds of node that are missing as a whole. Controls that
	// need one of them can't be evaluated.
	Kinds []Kind `json:"kinds,omitempty"`
}

// EdgeKind is the meaning of an edge, in the words of the Kubernetes API.
type EdgeKind string

// Edge is a fact about two nodes. To may name a node that is not in the
// snapshot: a reference to something that does not exist.
type Edge struct {
	From, To NodeID
	Kind     EdgeKind
	// Evidence is the field that makes the edge true, absent when the edge
	// follows from more than one field.
	Evidence Value
}

// GroupKind joins an API group and a kind as node kinds are written.
func GroupKind(group, kind string) Kind {
	if group == "" {
		return Kind(kind)
	}
	return Kind(group + "/" + kind)
}
