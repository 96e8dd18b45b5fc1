package yamledit

import (
	"bytes"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/fix/patch"
)

// document is a document of a text with the place of every value.
type document struct {
	chunk
	data  []byte // the whole text
	root  *node
	json  bool
	style style
}

// parse reads the documents of a chunk: one of YAML, any number of JSON. A
// library that panics on odd input must not end the program.
func parse(data []byte, c chunk) (documents []*document, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			documents, err = nil, fmt.Errorf("the YAML parser failed: %v", cause)
		}
	}()
	if text := bytes.TrimLeft(data[c.start:c.end], " \t\r\n"); len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		if documents, err := parseJSON(data, c); err == nil {
			return documents, nil
		}
	}
	d, err := parseYAML(data, c)
	if err != nil || d == nil {
		return nil, err
	}
	return []*document{d}, nil
}

func parseYAML(data []byte, c chunk) (*document, error) {
	var top yaml.Node
	if err := yaml.Unmarshal(data[c.start:c.end], &top); err != nil {
		return nil, err
	}
	if len(top.Content) == 0 {
		return nil, nil
	}
	r := &yamlReader{
		data: data[:c.end], lines: yamlLines(data, c.start, c.end), anchors: map[*yaml.Node]*node{},
	}
	root, err := r.node(top.Content[0], slot{column: -1}, -1)
	if err != nil {
		return nil, err
	}
	d := &document{chunk: c, data: data, root: root}
	d.style = d.findStyle()
	return d, nil
}

// yamlReader finds the text of each node that the library made.
type yamlReader struct {
	data    []byte // up to the end of the document
	lines   []int
	anchors map[*yaml.Node]*node
}

var errPosition = errors.New("the YAML library gives a position outside of the text")

func (r *yamlReader) offset(y *yaml.Node) (int, error) {
	if y.Line < 1 || y.Line > len(r.lines) {
		return 0, errPosition
	}
	return columnOffset(r.data, r.lines[y.Line-1], y.Column), nil
}

// node reads a value. Indent is the column of the block collection around it.
func (r *yamlReader) node(y *yaml.Node, s slot, indent int) (*node, error) {
	start, err := r.offset(y)
	if err != nil {
		return nil, err
	}
	n := &node{yaml: y, slot: s, start: start}
	n.properties, n.content = r.skipProperties(start, y)
	switch y.Kind {
	case yaml.AliasNode:
		n.end = n.content + 1 + len(y.Value)
		if n.alias = r.anchors[y.Alias]; n.alias == nil {
			return nil, fmt.Errorf("alias *%s stands for something that holds it", y.Value)
		}
		n.alias.aliased = true
	case yaml.ScalarNode:
		n.end, err = r.scalarEnd(y, n.content, indent)
	default:
		err = r.collection(n)
	}
	if y.Anchor != "" {
		r.anchors[y] = n
	}
	return n, err
}

// skipProperties goes over an anchor and a tag: to their end, and to what
// follows them.
func (r *yamlReader) skipProperties(at int, y *yaml.Node) (end, content int) {
	end = at
	if y.Kind == yaml.AliasNode {
		return end, at
	}
	for at < len(r.data) && (r.data[at] == '&' || r.data[at] == '!') {
		for at < len(r.data) && !isSpace(r.data[at]) && !(r.data[at] == ',' || r.data[at] == '}' || r.data[at] == ']') {
			at++
		}
		end = at
		at = skipGap(r.data, at, len(r.data))
	}
	if y.Kind == yaml.ScalarNode && y.Value == "" && y.Style&^yaml.TaggedStyle == 0 {
		return end, end // nothing follows; the gap leads to the next field
	}
	return end, at
}

func (r *yamlReader) collection(n *node) error {
	n.flow = n.yaml.Style&yaml.FlowStyle != 0
	n.end = n.content
	if n.flow {
		open := byte('{')
		if n.isList() {
			open = '['
		}
		n.pair = n.content >= len(r.data) || r.data[n.content] != open
		if !n.pair {
			n.end++
		}
	} else {
		n.column = columnOf(r.data, n.content)
	}
	var err error
	if n.isMap() {
		err = r.fields(n)
	} else {
		err = r.items(n)
	}
	if err == nil && n.flow && !n.pair {
		err = r.close(n)
	}
	return err
}

// close finds the closing bracket of a flow collection.
func (r *yamlReader) close(n *node) error {
	at := n.end
	for {
		at = skipGap(r.data, at, len(r.data))
		if at >= len(r.data) {
			return errors.New("a bracket is not closed")
		}
		switch c := r.data[at]; c {
		case '}', ']':
			n.end = at + 1
			return nil
		case ',', ':', '?':
			at++
		default:
			return fmt.Errorf("%q stands where a bracket should close", c)
		}
	}
}

func columnOf(data []byte, at int) int { return len([]rune(string(data[lineStart(data, at):at]))) }

func (r *yamlReader) fields(n *node) error {
	content := n.yaml.Content
	for i := 0; i+1 < len(content); i += 2 {
		key, err := r.node(content[i], slot{parent: n, flow: n.flow}, n.column)
		if err != nil {
			return err
		}
		e := element{start: key.start, keyStart: key.start, keyEnd: key.end, name: patch.FieldName(content[i])}
		e.merge = content[i].Tag == "!!merge"
		after, plain := r.colon(n, key)
		e.odd = !plain || content[i].Kind != yaml.ScalarNode
		s := slot{parent: n, index: len(n.elements), after: after, column: n.column, flow: n.flow || n.slot.flow}
		if e.value, err = r.node(content[i+1], s, n.column); err != nil {
			return err
		}
		if v := e.value; v.start == v.end && content[i+1].Kind == yaml.ScalarNode {
			// The library puts what is not written at the next thing that is.
			v.start, v.properties, v.content, v.end = after, after, after, after
		}
		e.end = max(e.value.end, after)
		n.elements = append(n.elements, e)
		n.end = e.end
	}
	return nil
}

// colon finds the offset after the colon of a key; plain is false for forms
// that are not edited.
func (r *yamlReader) colon(n, key *node) (after int, plain bool) {
	at := key.end
	if n.flow {
		at = skipGap(r.data, at, len(r.data))
	} else {
		for at < len(r.data) && isBlank(r.data[at]) {
			at++
		}
	}
	if at >= len(r.data) || r.data[at] != ':' {
		return key.end, false
	}
	return at + 1, n.flow || columnOf(r.data, key.start) == n.column
}

func (r *yamlReader) items(n *node) error {
	for i, y := range n.yaml.Content {
		s := slot{parent: n, index: i, column: n.column, dash: !n.flow, flow: n.flow || n.slot.flow}
		e := element{}
		if !n.flow {
			e.start = skipGap(r.data, n.end, len(r.data))
			if e.start >= len(r.data) || r.data[e.start] != '-' {
				return errors.New("a dash was not found")
			}
			s.after = e.start + 1
		}
		var err error
		if e.value, err = r.node(y, s, n.column); err != nil {
			return err
		}
		e.end = max(e.value.end, s.after)
		if n.flow {
			e.start, e.value.slot.after = e.value.start, e.value.start
		}
		n.elements = append(n.elements, e)
		n.end = e.end
	}
	return nil
}
