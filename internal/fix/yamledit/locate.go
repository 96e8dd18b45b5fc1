package yamledit

import (
	"math"
	"sort"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/fix/patch"
)

// Place is where a value stands, as [graph.Position] has it: a field where its
// name begins, an element of a list or an object where it begins itself.
type Place struct {
	Line, Column int    // Column 0 is not known; Line 0 is the first document
	Field        string // the name of the field; empty for elements and objects
	// Kind and Name are those of the object that stands there; empty when it is
	// no object, or may have other ones.
	Kind, Name string
}

// errMoved says that a text is not the one that was scanned.
var errMoved = patch.Refuse(
	"it was not found in the file at the place where it was read; scan again",
	"在文件中读取时的位置未找到该内容；请重新扫描")

// find finds the value at a place.
func (t *Text) find(at Place) (*document, *node, error) {
	if at.Line == 0 && len(t.chunks) > 0 {
		documents, err := t.documents(0)
		if err != nil || len(documents) == 0 {
			return nil, nil, errMoved
		}
		return documents[0], documents[0].root, nil
	}
	for i := len(t.chunks) - 1; i >= 0; i-- {
		if t.chunks[i].skipped >= at.Line {
			continue
		}
		documents, err := t.documents(i)
		if err != nil {
			return nil, nil, patch.Refuse("the document can't be read: %v", "文档无法读取：%v", err)
		}
		lines := t.linesOf(i)
		line := at.Line - t.chunks[i].skipped
		if line > len(lines) {
			break
		}
		from, to := lines[line-1], t.chunks[i].end
		if line < len(lines) {
			to = lines[line]
		}
		for _, d := range documents {
			if n := d.find(at, from, to); n != nil {
				return d, n, nil
			}
		}
		break
	}
	return nil, nil, errMoved
}

// linesOf is where the lines of a chunk begin.
func (t *Text) linesOf(i int) []int {
	if t.lines[i] == nil {
		t.lines[i] = yamlLines(t.masked, t.chunks[i].start, t.chunks[i].end)
	}
	return t.lines[i]
}

// documents parses a chunk once.
func (t *Text) documents(i int) ([]*document, error) {
	if d, known := t.parsed[i]; known {
		return d, t.broken[i]
	}
	d, err := parse(t.masked, t.chunks[i])
	t.parsed[i] = d
	if err != nil {
		t.broken[i] = err
	}
	return d, err
}

// find finds the value at a place in the line between two offsets.
func (d *document) find(at Place, from, to int) *node {
	if at.Column > 0 && at.Column < math.MaxUint16 {
		from = columnOffset(d.data, from, at.Column)
		to = from + 1
	}
	return d.root.find(at, from, to)
}

func (n *node) find(at Place, from, to int) *node {
	if n.alias != nil || n.start >= to || n.end < from {
		return nil
	}
	element := n.slot.parent == nil || n.slot.parent.isList()
	if element && at.Field == "" && n.start >= from && n.is(at) {
		return n
	}
	first := sort.Search(len(n.elements), func(i int) bool { return n.elements[i].end >= from })
	for i := first; i < len(n.elements) && n.elements[i].start < to; i++ {
		e := &n.elements[i]
		if at.Field != "" && e.name == at.Field && e.keyStart >= from && e.keyStart < to && n.isMap() {
			return e.value
		}
		if found := e.value.find(at, from, to); found != nil {
			return found
		}
	}
	return nil
}

// is reports whether the value may be the object of a place.
func (n *node) is(at Place) bool {
	return n.says("kind", at.Kind) && (at.Name == "" || n.field("metadata") == nil ||
		n.field("metadata").resolved().says("name", at.Name) || n.field("metadata").resolved().says("generateName", at.Name))
}

// says reports whether a field has a value, or is not there.
func (n *node) says(name, want string) bool {
	f := n.field(name)
	return want == "" || f == nil || f.resolved().yaml.Value == want
}

func (n *node) field(name string) *node {
	if i := n.last(name); i >= 0 {
		return n.elements[i].value
	}
	return nil
}

// Literal reports whether an edit below a place changes text that is written
// out: false when what it would go into is filled in by a template.
func (t *Text) Literal(at Place, path patch.Path) bool {
	_, n, err := t.find(at)
	if err != nil {
		return false
	}
	for _, step := range path {
		next := n.step(step)
		if next == nil {
			break
		}
		n = next
	}
	return !t.template || n.hasText() && (n.yaml.Kind != yaml.ScalarNode || !t.inAction(n.content, n.end))
}

// inAction reports whether a part of the text holds part of an action.
func (t *Text) inAction(from, to int) bool {
	for _, a := range t.actions {
		if from < a.to && to > a.from {
			return true
		}
	}
	return false
}

// step is the value that a step leads to, nil if there is none.
func (n *node) step(s patch.Step) *node {
	n = n.resolved()
	switch {
	case !s.InList:
		return n.field(s.Key)
	case n.isList() && s.Index < len(n.elements):
		return n.elements[s.Index].value
	}
	return nil
}
