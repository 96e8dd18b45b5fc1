package yamledit

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/fix/patch"
)

// editor turns the patch of one document into splices.
type editor struct {
	*document
	branches branches // of a template
	splices  []Splice
	// shared are the owners of edits that pass through an anchor or an alias,
	// and so change other places too.
	shared map[int]bool
	// failed are the owners whose edits can't be made, and why.
	failed map[int]error
}

func newEditor(d *document, b branches) *editor {
	return &editor{document: d, branches: b, shared: map[int]bool{}, failed: map[int]error{}}
}

func (e *editor) replace(start, end int, text string) {
	e.splices = append(e.splices, Splice{Start: start, End: end, Text: text})
}

// addLines adds lines after the line around an offset; the first one comes
// without its indentation. Comments below that are indented deeper belong to
// what stands before, and stay with it. The lines get into the same branch of a
// template that home is in.
func (e *editor) addLines(home, at int, lines []string, column int) {
	branch := e.branches.at(home)
	end := lineEnd(e.data, at)
	for next := skipBreak(e.data, end); next < e.end; {
		stop := lineEnd(e.data, next)
		text := next + len(indentAt(e.data, next))
		inside := e.branches.at(end) != branch
		if text < stop && (e.data[text] != '#' || text-next <= column && !inside) {
			break
		}
		if text < stop && e.branches.at(stop) == branch || inside {
			end = stop
		}
		if next = skipBreak(e.data, stop); next == stop {
			break
		}
	}
	eol := lineBreak(e.data, end)
	body := eol + strings.Repeat(" ", column) + strings.Join(lines, eol)
	e.splices = append(e.splices, Splice{Start: end, End: end, Text: body, lines: true})
}

// dropLines takes away the lines around a part of the text.
func (e *editor) dropLines(from, to int) {
	end := skipBreak(e.data, lineEnd(e.data, to))
	e.splices = append(e.splices, Splice{Start: lineStart(e.data, from), End: end, lines: true})
}

// fail notes why everything below a node of the patch can't be done.
func (e *editor) fail(p *patch.Node, err error) {
	for _, owner := range p.Everyone() {
		if e.failed[owner] == nil {
			e.failed[owner] = err
		}
	}
}

var errRoot = errors.New("the object itself can't be replaced")

// value changes one value.
func (e *editor) value(v *node, p *patch.Node) {
	if v.alias != nil || v.aliased {
		for _, owner := range p.Everyone() {
			e.shared[owner] = true
		}
		v = v.resolved()
	}
	if err := e.change(v, p); err != nil {
		e.fail(p, err)
	}
}

func (e *editor) change(v *node, p *patch.Node) error {
	isList := len(p.Items)+len(p.Append)+len(p.Remove) > 0
	switch {
	case p.Set != nil:
		value, err := p.Value(v.path())
		if err != nil {
			return err
		}
		return e.set(v, value, p)
	case len(p.Fields) > 0 && v.isMap() && len(v.elements) > 0:
		return e.mapping(v, p)
	case isList && v.isList() && len(v.elements) > 0:
		return e.list(v, p)
	case len(p.Fields) > 0 && !v.isMap() && !v.isNull():
		return patch.NotA(v.path(), "map", "映射")
	case isList && !v.isList() && !v.isNull():
		return patch.NotA(v.path(), "list", "列表")
	}
	value, err := p.Value(v.path())
	if err != nil || value == nil || isEmptyValue(value) {
		return err
	}
	return e.fill(v, value)
}

// set gives a value another one. Maps are changed field by field, so that what
// stays keeps its comments.
func (e *editor) set(v *node, value *yaml.Node, p *patch.Node) error {
	before, err := patch.ModelOf(v.yaml)
	if err != nil {
		return err
	}
	after, err := patch.ModelOf(value)
	if err != nil || patch.SameModel(before, after) {
		return err
	}
	switch {
	case v.isEmpty() && !isEmptyValue(value) && value.Kind != yaml.ScalarNode:
		return e.fill(v, value)
	case v.isMap() && value.Kind == yaml.MappingNode && len(value.Content) > 0:
		return e.mapping(v, mapDifference(v, value, p.Everyone()))
	case v.isList() && value.Kind == yaml.SequenceNode && len(value.Content) == len(v.elements):
		return e.list(v, listDifference(value, p.Everyone()))
	}
	return e.substitute(v, value)
}

// mapDifference is the patch that makes a map into another one.
func mapDifference(v *node, value *yaml.Node, owners []int) *patch.Node {
	p := &patch.Node{Owners: owners}
	for i := 0; i+1 < len(value.Content); i += 2 {
		p.Fields = append(p.Fields, &patch.Child{
			Step: patch.Field(patch.FieldName(value.Content[i])), Node: patch.Node{Set: value.Content[i+1], Owners: owners},
		})
	}
	wanted, _ := patch.ModelOf(value)
	fields, _ := wanted.(map[string]any)
	for i := range v.elements {
		if _, stays := fields[v.elements[i].name]; !stays {
			p.Fields = append(p.Fields, &patch.Child{
				Step: patch.Field(v.elements[i].name), Node: patch.Node{Delete: true, Owners: owners},
			})
		}
	}
	return p
}

// listDifference is the patch that makes a list into one of the same length.
func listDifference(value *yaml.Node, owners []int) *patch.Node {
	p := &patch.Node{Owners: owners}
	for i, item := range value.Content {
		p.Items = append(p.Items, &patch.Child{Step: patch.Element(i), Node: patch.Node{Set: item, Owners: owners}})
	}
	return p
}

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
