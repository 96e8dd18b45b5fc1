package yamledit

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// jsonReader reads JSON values with the place of each: the YAML library would
// stumble over some of the escapes that JSON has.
type jsonReader struct {
	data []byte // up to the end of the chunk
	at   int
}

// maxDepth bounds how deep values may be nested; no Kubernetes object comes
// near.
const maxDepth = 1000

func parseJSON(data []byte, c chunk) ([]*document, error) {
	r := &jsonReader{data: data[:c.end], at: c.start}
	var documents []*document
	for r.skip(); r.at < c.end; r.skip() {
		root, err := r.value(slot{flow: true}, 0)
		if err != nil {
			return nil, err
		}
		own := chunk{start: root.start, end: root.end, skipped: c.skipped}
		d := &document{chunk: own, data: data, root: root, json: true}
		d.style = d.findStyle()
		documents = append(documents, d)
	}
	return documents, nil
}

func (r *jsonReader) skip() {
	for r.at < len(r.data) && isSpace(r.data[r.at]) {
		r.at++
	}
}

func (r *jsonReader) peek() byte {
	if r.skip(); r.at < len(r.data) {
		return r.data[r.at]
	}
	return 0
}

func (r *jsonReader) value(s slot, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deep")
	}
	n := &node{yaml: &yaml.Node{}, slot: s}
	c := r.peek()
	n.start, n.properties, n.content = r.at, r.at, r.at
	var err error
	switch c {
	case '{':
		n.yaml.Kind, n.yaml.Tag, n.flow = yaml.MappingNode, "!!map", true
		err = r.collection(n, '}', depth)
	case '[':
		n.yaml.Kind, n.yaml.Tag, n.flow = yaml.SequenceNode, "!!seq", true
		err = r.collection(n, ']', depth)
	default:
		err = r.scalar(n.yaml, c)
	}
	n.end = r.at
	return n, err
}

func (r *jsonReader) collection(n *node, closing byte, depth int) error {
	r.at++
	if r.peek() == closing {
		r.at++
		return nil
	}
	for {
		if err := r.element(n, depth); err != nil {
			return err
		}
		c := r.peek()
		r.at++
		switch c {
		case ',':
		case closing:
			return nil
		default:
			return errors.New("a comma or a closing bracket is missing")
		}
	}
}

func (r *jsonReader) element(n *node, depth int) error {
	r.skip()
	e := element{start: r.at}
	s := slot{parent: n, index: len(n.elements), after: r.at, flow: true}
	if n.isMap() {
		key := &yaml.Node{}
		if c := r.peek(); c != '"' {
			return errors.New("a field name is missing")
		} else if err := r.scalar(key, c); err != nil {
			return err
		}
		e.keyStart, e.keyEnd, e.name = e.start, r.at, key.Value
		if r.peek() != ':' {
			return errors.New("a colon is missing")
		}
		r.at++
		s.after = r.at
		n.yaml.Content = append(n.yaml.Content, key)
	}
	var err error
	if e.value, err = r.value(s, depth+1); err != nil {
		return err
	}
	e.end = r.at
	n.yaml.Content = append(n.yaml.Content, e.value.yaml)
	n.elements = append(n.elements, e)
	return nil
}

func (r *jsonReader) scalar(y *yaml.Node, c byte) error {
	y.Kind = yaml.ScalarNode
	start := r.at
	if c == '"' {
		end, err := (&yamlReader{data: r.data}).doubleQuotedEnd(start)
		if err != nil {
			return err
		}
		r.at, y.Tag, y.Style = end, "!!str", yaml.DoubleQuotedStyle
		return json.Unmarshal(r.data[start:end], &y.Value)
	}
	for r.at < len(r.data) && !isSpace(r.data[r.at]) && strings.IndexByte(",:]}[{\"", r.data[r.at]) < 0 {
		r.at++
	}
	y.Value = string(r.data[start:r.at])
	switch {
	case !json.Valid(r.data[start:r.at]):
		return fmt.Errorf("%q is no JSON", y.Value)
	case y.Value == "null":
		y.Tag = "!!null"
	case y.Value == "true", y.Value == "false":
		y.Tag = "!!bool"
	case strings.ContainsAny(y.Value, ".eE"):
		y.Tag = "!!float"
	default:
		y.Tag = "!!int"
	}
	return nil
}
