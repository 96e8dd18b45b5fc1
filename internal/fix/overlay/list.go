package overlay

import (
	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/fix/patch"
)

// mergeKeys are the fields by which the API server tells the elements of a list
// apart, by the name of the list.
var mergeKeys = map[string]string{
	"containers": "name", "initContainers": "name", "ephemeralContainers": "name",
	"volumes": "name", "env": "name", "imagePullSecrets": "name", "secrets": "name",
	"volumeMounts": "mountPath", "volumeDevices": "devicePath", "hostAliases": "ip",
	"topologySpreadConstraints": "topologyKey", "webhooks": "name", "ownerReferences": "uid",
}

// mergeKey is the field that tells the elements of a list apart; empty for lists
// that are replaced as a whole.
func (w *writer) mergeKey(at patch.Path) string {
	if !w.strategic || len(at) == 0 {
		return ""
	}
	name := at[len(at)-1].Key
	if name == "ports" {
		switch {
		case w.service && len(at) == 2:
			return "port"
		case len(at) >= 3 && mergeKeys[at[len(at)-3].Key] == "name" && at[len(at)-2].InList:
			return "containerPort"
		}
		return ""
	}
	return mergeKeys[name]
}

// list is the patch of a list.
func (w *writer) list(n *patch.Node, before any, at patch.Path) (*yaml.Node, error) {
	items, _ := before.([]any)
	if key := w.mergeKey(at); key != "" && distinct(items, key) && len(n.Remove) == 0 {
		return w.elements(n, items, key, at)
	}
	after, err := (&patch.Tree{Root: *n}).Apply(before)
	if err != nil {
		return nil, err
	}
	list, _ := after.([]any)
	return w.wholeList(list, at)
}

// elements patches single elements, each named by its key.
func (w *writer) elements(n *patch.Node, items []any, key string, at patch.Path) (*yaml.Node, error) {
	out := &yaml.Node{Kind: yaml.SequenceNode}
	for _, c := range n.Items {
		if c.Step.Index >= len(items) {
			return nil, patch.NoElement(append(at, c.Step))
		}
		fields, _ := items[c.Step.Index].(map[string]any)
		element, name := mapping(), &yaml.Node{}
		if err := name.Encode(fields[key]); err != nil {
			return nil, err
		}
		set(element, key, name)
		if c.Delete {
			set(element, "$patch", text("delete"))
		} else {
			value, err := w.value(&c.Node, fields, append(at, c.Step))
			if err != nil {
				return nil, err
			}
			element.Content = append(element.Content, value.Content...)
		}
		out.Content = append(out.Content, element)
	}
	out.Content = append(out.Content, n.Append...)
	return out, nil
}

// distinct reports whether every element has a key of its own.
func distinct(items []any, key string) bool {
	seen := map[any]bool{}
	for _, item := range items {
		fields, _ := item.(map[string]any)
		switch fields[key].(type) {
		case string, int64:
		default:
			return false
		}
		if seen[fields[key]] {
			return false
		}
		seen[fields[key]] = true
	}
	return true
}

// wholeList is the list as it shall be. Where the API server would merge it
// with what is there, the patch says not to.
func (w *writer) wholeList(items []any, at patch.Path) (*yaml.Node, error) {
	out := &yaml.Node{}
	if items == nil {
		items = []any{}
	}
	if err := out.Encode(items); err != nil {
		return nil, err
	}
	if w.mergeKey(at) != "" {
		replace := mapping()
		set(replace, "$patch", text("replace"))
		out.Content = append([]*yaml.Node{replace}, out.Content...)
	}
	return out, nil
}
