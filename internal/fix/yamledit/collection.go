package yamledit

import (
	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/fix/patch"
)

// addition is a new field or element.
type addition struct {
	key   string
	value *yaml.Node
}

// mapping changes the fields of a map that has some.
func (e *editor) mapping(v *node, p *patch.Node) error {
	gone := make([]bool, len(v.elements))
	var added []addition
	for _, c := range p.Fields {
		i := v.last(c.Step.Key)
		switch {
		case i < 0:
			added = e.missing(v, c, added)
		case c.Delete:
			for j := range v.elements {
				gone[j] = gone[j] || !v.elements[j].merge && v.elements[j].name == c.Step.Key
			}
		case v.elements[i].odd:
			e.fail(&c.Node, errForm)
		default:
			e.value(v.elements[i].value, &c.Node)
		}
	}
	return e.rewrite(v, gone, added)
}

// missing handles a field that the map itself does not have. One that comes in
// by a merge key is overridden here or changed where it is defined.
func (e *editor) missing(v *node, c *patch.Child, added []addition) []addition {
	if source := v.merged(c.Step.Key); source != nil && c.Set == nil {
		for _, owner := range c.Everyone() {
			e.shared[owner] = true
		}
		if err := e.change(source, &patch.Node{Fields: []*patch.Child{c}}); err != nil {
			e.fail(&c.Node, err)
		}
		return added
	}
	value, err := c.Value(append(v.path(), c.Step))
	if err != nil {
		e.fail(&c.Node, err)
	}
	if err != nil || value == nil {
		return added
	}
	return append(added, addition{key: c.Step.Key, value: value})
}

// list changes the elements of a list that has some.
func (e *editor) list(v *node, p *patch.Node) error {
	gone := make([]bool, len(v.elements))
	var models []any
	if len(p.Append)+len(p.Remove) > 0 {
		var err error
		if models, err = e.models(v); err != nil {
			return err
		}
	}
	for i, m := range models {
		gone[i] = patch.ModelIn(p.Remove, m)
	}
	for _, c := range p.Items {
		switch i := c.Step.Index; {
		case i >= len(v.elements):
			e.fail(&c.Node, patch.NoElement(append(v.path(), c.Step)))
		case c.Delete:
			gone[i] = true
		default:
			e.value(v.elements[i].value, &c.Node)
		}
	}
	var added []addition
	for _, value := range p.Append {
		if !stays(models, gone, value) {
			added = append(added, addition{value: value})
		}
	}
	return e.rewrite(v, gone, added)
}

// models are the elements of a list as models.
func (e *editor) models(v *node) ([]any, error) {
	models := make([]any, len(v.elements))
	for i := range v.elements {
		var err error
		if models[i], err = patch.ModelOf(v.elements[i].value.yaml); err != nil {
			return nil, err
		}
	}
	return models, nil
}

func stays(models []any, gone []bool, value *yaml.Node) bool {
	for i, m := range models {
		if !gone[i] && patch.ModelIn([]*yaml.Node{value}, m) {
			return true
		}
	}
	return false
}

// rewrite takes elements out of a collection and adds others at its end.
func (e *editor) rewrite(v *node, gone []bool, added []addition) error {
	first, last := -1, -1 // of those that stay
	all := true
	for i, g := range gone {
		if g {
			all = false
			continue
		}
		if last = i; first < 0 {
			first = i
		}
	}
	switch {
	case all && len(added) == 0:
		return nil
	case v.pair:
		return errForm
	case first < 0:
		return e.substitute(v, collection(v, added))
	case v.flow:
		return e.rewriteFlow(v, gone, last, added)
	}
	return e.rewriteBlock(v, gone, first, last, added)
}

// errForm says that the text has a form that is not edited.
var errForm = patch.Refuse(
	"the field is written in a form of YAML that can't be changed safely by a program; change it by hand",
	"该字段的 YAML 写法无法由程序安全修改；请手动修改")

// collection is a value of the kind of another one with the given elements.
func collection(v *node, elements []addition) *yaml.Node {
	out := &yaml.Node{Kind: v.yaml.Kind}
	for _, a := range elements {
		if v.isMap() {
			out.Content = append(out.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: a.key})
		}
		out.Content = append(out.Content, a.value)
	}
	return out
}
