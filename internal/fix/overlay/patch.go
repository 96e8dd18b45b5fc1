package overlay

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/fix/patch"
)

// Target is the object that a patch is for.
type Target struct {
	APIVersion, Kind, Namespace, Name string
	// Model is the object as it is, in the form of package patch.
	Model any
}

// Write is the text of the patch that makes the edits.
func Write(t Target, edits *patch.Tree) ([]byte, error) {
	if t.Name == "" {
		return nil, patch.Refuse(
			"the object has no fixed name, so that no patch can name it",
			"该对象没有固定名称，无法用补丁指定")
	}
	w := writer{strategic: isBuiltIn(t.APIVersion), service: t.Kind == "Service"}
	body, err := w.value(&edits.Root, t.Model, nil)
	if err != nil {
		return nil, err
	}
	root := mapping()
	set(root, "apiVersion", text(t.APIVersion))
	set(root, "kind", text(t.Kind))
	metadata := mapping()
	set(metadata, "name", text(t.Name))
	if t.Namespace != "" {
		set(metadata, "namespace", text(t.Namespace))
	}
	set(root, "metadata", metadata)
	for i := 0; i+1 < len(body.Content); i += 2 {
		if body.Content[i].Value == "metadata" {
			metadata.Content = append(metadata.Content, body.Content[i+1].Content...)
			continue
		}
		root.Content = append(root.Content, body.Content[i], body.Content[i+1])
	}
	return encode(root)
}

func encode(n *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(n); err != nil {
		return nil, fmt.Errorf("write patch: %w", err)
	}
	return b.Bytes(), e.Close()
}

// isBuiltIn reports whether the API server knows how to merge lists of the
// object: custom resources are merged as plain JSON.
func isBuiltIn(apiVersion string) bool {
	group, _, grouped := strings.Cut(apiVersion, "/")
	return !grouped || !strings.Contains(group, ".") ||
		strings.HasSuffix(group, ".k8s.io") && !strings.HasSuffix(group, ".x-k8s.io")
}

type writer struct{ strategic, service bool }

// value is the patch of one value.
func (w *writer) value(n *patch.Node, before any, at patch.Path) (*yaml.Node, error) {
	switch {
	case n.Delete:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
	case n.Set != nil:
		return w.replacement(n, before, at)
	case len(n.Items)+len(n.Append)+len(n.Remove) > 0:
		return w.list(n, before, at)
	}
	fields, _ := before.(map[string]any)
	out := mapping()
	for _, c := range n.Fields {
		if fields[c.Step.Key] == nil && c.Delete {
			continue
		}
		value, err := w.value(&c.Node, fields[c.Step.Key], append(at, c.Step))
		if err != nil {
			return nil, err
		}
		set(out, c.Step.Key, value)
	}
	return out, nil
}

// replacement is a new value; fields of a map that go away are null in a patch.
func (w *writer) replacement(n *patch.Node, before any, at patch.Path) (*yaml.Node, error) {
	value, err := n.Value(at)
	if err != nil || value == nil {
		return value, err
	}
	model, err := patch.ModelOf(value)
	if err != nil {
		return nil, err
	}
	if _, isList := before.([]any); isList {
		if items, isList := model.([]any); isList {
			return w.wholeList(items, at)
		}
	}
	return encodeDifference(model, before)
}

// encodeDifference is a value with a null for each field that only the old
// value has.
func encodeDifference(model, before any) (*yaml.Node, error) {
	out := &yaml.Node{}
	if err := out.Encode(withNulls(model, before)); err != nil {
		return nil, fmt.Errorf("write patch: %w", err)
	}
	return out, nil
}

func withNulls(model, before any) any {
	fields, isMap := model.(map[string]any)
	old, wasMap := before.(map[string]any)
	if !isMap || !wasMap {
		return model
	}
	out := map[string]any{}
	for key := range old {
		out[key] = nil
	}
	for key, value := range fields {
		out[key] = withNulls(value, old[key])
	}
	return out
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode} }

func text(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

func set(m *yaml.Node, key string, value *yaml.Node) {
	m.Content = append(m.Content, text(key), value)
}
