package yamledit

import "go.yaml.in/yaml/v3"

// style is how a document is laid out.
type style struct {
	width int // by how much a map under a map is indented
	dash  int // by how much a list is indented under its key
	// Of text in brackets: what stands after colons and commas within a line,
	// and by how much lines are indented.
	colon, comma string
	unit         string
	json         bool // keys and strings are quoted
}

// findStyle looks at what is there. Where there is nothing to go by, two
// columns are what most Kubernetes files have.
func (d *document) findStyle() style {
	v := votes{data: d.data, width: map[int]int{}, dash: map[int]int{}}
	v.visit(d.root)
	s := style{width: best(v.width, 2), dash: best(v.dash, 2), colon: ": ", comma: ", ", unit: v.unit, json: d.json}
	if s.unit == "" {
		s.unit = "  "
	}
	if d.json && v.tight {
		s.colon, s.comma = ":", ","
	}
	return s
}

// votes counts the habits of a document.
type votes struct {
	data        []byte
	width, dash map[int]int
	unit        string
	tight       bool // JSON without spaces
	seen        bool // a colon of JSON
}

func (v *votes) visit(n *node) {
	if n.alias != nil {
		return
	}
	for i := range n.elements {
		e := &n.elements[i]
		v.element(n, e)
		v.visit(e.value)
	}
}

func (v *votes) element(n *node, e *element) {
	switch c := e.value; {
	case n.flow:
		v.bracket(n, e)
	case !n.isMap() || !c.isBlockCollection():
	case c.isMap() && c.column > n.column:
		v.width[c.column-n.column]++
	case c.isList():
		v.dash[c.column-n.column]++
	}
}

func (v *votes) bracket(n *node, e *element) {
	if n.isMap() && !v.seen {
		v.seen = true
		v.tight = e.value.hasText() && e.value.start == e.value.slot.after
	}
	if v.unit != "" || !beginsLine(v.data, e.start) {
		return
	}
	if outer, inner := indentAt(v.data, n.start), indentAt(v.data, e.start); len(inner) > len(outer) {
		v.unit = inner[len(outer):]
	}
}

// best is the number with the most votes, the smaller one of two.
func best(votes map[int]int, otherwise int) int {
	found, most := otherwise, 0
	for number, count := range votes {
		if count > most || count == most && number < found {
			found, most = number, count
		}
	}
	return found
}

// column is where a collection is written under a key or dash of the given
// column.
func (s style) column(value *yaml.Node, at slot) int {
	switch {
	case at.dash:
		return at.column + 2
	case value.Kind == yaml.SequenceNode:
		return at.column + s.dash
	}
	return at.column + s.width
}
