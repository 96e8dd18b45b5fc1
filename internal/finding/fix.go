package finding

import "github.com/foilsec/foil/internal/graph"

// Operation is what a fix does to a field.
type Operation string

// The operations. Set and Delete work on the field that the path names; Append
// and Remove on the elements of a list; Create makes a new object.
const (
	Set    Operation = "set"
	Delete Operation = "delete"
	Append Operation = "append" // add the value to the list unless it is there
	Remove Operation = "remove" // take the value out of the list
	Create Operation = "create" // Value is a whole object as YAML
)

// Fix is one step of a change that makes a finding go away, in terms of the
// object as it was read. A finding without fixes has advice only.
type Fix struct {
	Operation Operation `json:"operation"`
	// Node is the object to change; empty when it is the node of the finding.
	Node graph.NodeID `json:"node,omitempty"`
	// Path is the field, as [graph.Value.Path] writes it. Fields on the way that
	// do not exist are made.
	Path string `json:"path,omitempty"`
	// Value is the new value as YAML: "false", "[ALL]", "{type: RuntimeDefault}".
	Value string `json:"value,omitempty"`
}
