package yamledit

import (
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

var errRoot = patch.Refuse("the object itself can't be replaced", "不能替换对象本身")

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
