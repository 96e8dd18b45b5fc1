package patch

import (
	"bytes"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/finding"
)

// Edit is one change of one field. Value is what Set sets, Append adds and
// Remove takes away; it holds no aliases.
type Edit struct {
	Operation finding.Operation
	Path      Path
	Value     *yaml.Node
}

// ParseEdit reads a fix of every operation except Create.
func ParseEdit(f finding.Fix) (Edit, error) {
	path, err := ParsePath(f.Path)
	if err != nil {
		return Edit{}, err
	}
	e := Edit{Operation: f.Operation, Path: path}
	switch f.Operation {
	case finding.Delete:
		if len(path) == 0 {
			return Edit{}, errors.New("a fix deletes the object itself; objects are only removed by hand")
		}
		return e, nil
	case finding.Set, finding.Append, finding.Remove:
		e.Value, err = parseValue(f.Value)
		if err == nil && len(path) == 0 {
			err = errors.New("a fix replaces the object itself")
		}
		return e, err
	}
	return Edit{}, fmt.Errorf("operation %q is not known; want set, delete, append, remove or create", f.Operation)
}

func parseValue(text string) (*yaml.Node, error) {
	var document yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	if err := decoder.Decode(&document); err != nil {
		return nil, fmt.Errorf("value %q is no YAML: %w", text, err)
	}
	value := document.Content[0]
	if holdsAlias(value) {
		return nil, fmt.Errorf("value %q holds an alias", text)
	}
	return value, nil
}

func holdsAlias(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return true
	}
	for _, child := range n.Content {
		if holdsAlias(child) {
			return true
		}
	}
	return false
}

// elements are what Append adds and Remove takes away: the elements of a list,
// or the value itself. A list of lists is in no Kubernetes object.
func (e Edit) elements() []*yaml.Node {
	if e.Value.Kind == yaml.SequenceNode {
		return e.Value.Content
	}
	return []*yaml.Node{e.Value}
}

// takesAway reports whether the edit is done when what it is about is not
// there.
func (e Edit) takesAway() bool {
	return e.Operation == finding.Delete || e.Operation == finding.Remove
}
