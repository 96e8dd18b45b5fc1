package patch

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Value is what the node makes where there is nothing yet; nil when that is
// nothing. Errors name the place, which is at.
func (n *Node) Value(at Path) (*yaml.Node, error) { return n.value(nil, at) }

// value is what the node makes of a value; base is nil where there is none.
func (n *Node) value(base *yaml.Node, at Path) (*yaml.Node, error) {
	if n.Delete {
		return nil, nil
	}
	if n.Set != nil {
		base = n.Set
	}
	if len(n.Items) > 0 {
		return nil, NoElement(append(at, n.Items[0].Step))
	}
	for _, c := range n.Fields {
		field, err := c.value(fieldOf(base, c.Step.Key), append(at, c.Step))
		if err != nil {
			return nil, err
		}
		base = withField(base, c.Step.Key, field)
	}
	if len(n.Append) == 0 {
		return base, nil
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if base != nil {
		list.Content, list.Style = slices.Clone(base.Content), base.Style
	}
	list.Content = appendNew(list.Content, n.Append)
	return list, nil
}

func fieldOf(m *yaml.Node, key string) *yaml.Node {
	if m != nil {
		for i := 0; i+1 < len(m.Content); i += 2 {
			if FieldName(m.Content[i]) == key {
				return m.Content[i+1]
			}
		}
	}
	return nil
}

// withField is a copy of a map with one field set, or removed when the value
// is nil.
func withField(m *yaml.Node, key string, value *yaml.Node) *yaml.Node {
	if value == nil && fieldOf(m, key) == nil {
		return m
	}
	out := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	pending := value
	if m != nil {
		out.Style = m.Style
		for i := 0; i+1 < len(m.Content); i += 2 {
			if k := m.Content[i]; FieldName(k) != key {
				out.Content = append(out.Content, k, m.Content[i+1])
			} else if pending != nil {
				out.Content = append(out.Content, k, pending)
				pending = nil
			}
		}
	}
	if pending != nil {
		name := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}
		out.Content = append(out.Content, name, pending)
	}
	return out
}
