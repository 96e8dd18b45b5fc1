package patch

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Apply is the model of the object after the edits. The given model is not
// changed; parts that stay are shared.
func (t *Tree) Apply(model any) (any, error) {
	after, _, err := t.Root.apply(model, true, nil)
	return after, err
}

// apply changes one value; kept is false when there is none afterwards.
func (n *Node) apply(model any, exists bool, at Path) (after any, kept bool, err error) {
	if n.Delete {
		return nil, false, nil
	}
	if n.Set != nil {
		if model, err = ModelOf(n.Set); err != nil {
			return nil, false, err
		}
		exists = true
	}
	if len(n.Fields) > 0 {
		model, exists, err = n.applyFields(model, exists, at)
	}
	if err == nil && len(n.Items)+len(n.Append)+len(n.Remove) > 0 {
		model, exists, err = n.applyList(model, exists, at)
	}
	return model, exists, err
}

func (n *Node) applyFields(model any, exists bool, at Path) (any, bool, error) {
	before, isMap := model.(map[string]any)
	if !isMap && model != nil {
		return nil, false, NotA(at, "map", "映射")
	}
	fields := maps.Clone(before)
	if fields == nil {
		fields = map[string]any{}
	}
	for _, c := range n.Fields {
		old, there := before[c.Step.Key]
		value, kept, err := c.apply(old, there, append(at, c.Step))
		switch {
		case err != nil:
			return nil, false, err
		case kept:
			fields[c.Step.Key] = value
		default:
			delete(fields, c.Step.Key)
		}
	}
	if !isMap && len(fields) == 0 {
		return model, exists, nil
	}
	return fields, true, nil
}

func (n *Node) applyList(model any, exists bool, at Path) (any, bool, error) {
	before, isList := model.([]any)
	if !isList && model != nil {
		return nil, false, NotA(at, "list", "列表")
	}
	items := make([]any, 0, len(before)+len(n.Append))
	for i, item := range before {
		kept, err := true, error(nil)
		if c := n.child(Element(i)); c != nil {
			item, kept, err = c.apply(item, true, append(at, Element(i)))
		}
		if err != nil {
			return nil, false, err
		}
		if kept && !ModelIn(n.Remove, item) {
			items = append(items, item)
		}
	}
	if last := len(n.Items) - 1; last >= 0 && n.Items[last].Step.Index >= len(before) {
		return nil, false, NoElement(append(at, n.Items[last].Step))
	}
	for _, v := range n.Append {
		value, err := ModelOf(v)
		if err != nil {
			return nil, false, err
		}
		if !slices.ContainsFunc(items, func(item any) bool { return SameModel(item, value) }) {
			items = append(items, value)
		}
	}
	if !isList && len(items) == 0 {
		return model, exists, nil
	}
	return items, true, nil
}

// ModelIn reports whether one of the values has the model.
func ModelIn(values []*yaml.Node, model any) bool {
	return slices.ContainsFunc(values, func(v *yaml.Node) bool {
		value, err := ModelOf(v)
		return err == nil && SameModel(value, model)
	})
}

// NotA says that a value has another type than the edits need.
func NotA(at Path, en, zh string) error {
	return Refuse("%[1]s is not a %[2]s", "%[1]s 不是%[3]s", at.String(), en, zh)
}

// NoElement says that a list is too short.
func NoElement(at Path) error {
	return Refuse("%s does not exist", "%s 不存在", at.String())
}
