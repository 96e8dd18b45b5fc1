package yamldoc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// jsonReader reads JSON values into the same trees that YAML is read into, so
// that both are checked and written by the same code.
type jsonReader struct {
	decoder *json.Decoder
	data    []byte
	limits  Limits
	count   int
	// The place that position was last asked for, from which it counts on.
	offset, line, column int
}

func newJSONReader(data []byte, limits Limits) *jsonReader {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return &jsonReader{decoder: decoder, data: data, limits: limits, line: 1, column: 1}
}

// next is the next value of the stream, io.EOF after the last one.
func (r *jsonReader) next() (*yaml.Node, error) {
	return r.value(1)
}

func (r *jsonReader) value(depth int) (*yaml.Node, error) {
	n, token, err := r.token()
	if err != nil {
		return nil, err
	}
	if r.count++; r.count > r.limits.Nodes {
		return nil, limitAt(n, "more than %d values in one document", r.limits.Nodes)
	}
	if depth > r.limits.Depth {
		return nil, limitAt(n, "nested deeper than %d levels; no Kubernetes object is", r.limits.Depth)
	}
	if delim, ok := token.(json.Delim); ok {
		return n, r.container(n, delim, depth)
	}
	return n, jsonScalar(n, token)
}

func (r *jsonReader) container(n *yaml.Node, open json.Delim, depth int) error {
	n.Kind = yaml.SequenceNode
	if open == '{' {
		n.Kind = yaml.MappingNode
	}
	for r.decoder.More() {
		if n.Kind == yaml.MappingNode {
			key, token, err := r.token()
			if err != nil {
				return noEOF(err)
			}
			if err := jsonScalar(key, token); err != nil {
				return err
			}
			n.Content = append(n.Content, key)
		}
		value, err := r.value(depth + 1)
		if err != nil {
			return noEOF(err)
		}
		n.Content = append(n.Content, value)
	}
	_, _, err := r.token()
	return noEOF(err)
}

// noEOF keeps the end of input within a container from looking like the end
// of the stream.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// token reads a token; the node carries its position.
func (r *jsonReader) token() (*yaml.Node, json.Token, error) {
	start := int(r.decoder.InputOffset())
	for start < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[start]) >= 0 {
		start++
	}
	token, err := r.decoder.Token()
	if err != nil {
		return nil, nil, err
	}
	line, column := r.position(start)
	return &yaml.Node{Kind: yaml.ScalarNode, Line: line, Column: column}, token, nil
}

// position turns an offset into line and column. Each call counts on from the
// one before: offsets must not go back.
func (r *jsonReader) position(offset int) (line, column int) {
	between := r.data[r.offset:max(offset, r.offset)]
	if i := bytes.LastIndexByte(between, '\n'); i >= 0 {
		r.line += bytes.Count(between, []byte{'\n'})
		r.column = utf8.RuneCount(between[i+1:]) + 1
	} else {
		r.column += utf8.RuneCount(between)
	}
	r.offset = max(offset, r.offset)
	return r.line, r.column
}

func jsonScalar(n *yaml.Node, token json.Token) error {
	switch v := token.(type) {
	case string:
		n.Value, n.Style = v, yaml.DoubleQuotedStyle
	case bool:
		n.Value = strconv.FormatBool(v)
	case nil:
		n.Value = "null"
	case json.Number:
		n.Value = v.String()
		if _, err := v.Float64(); err != nil {
			return problemAt(n, fmt.Sprintf("the number %s is out of range", shorten(n.Value)))
		}
	}
	return nil
}

// problem states a syntax error of this reader.
func (r *jsonReader) problem(err error) *problem {
	var syntax *json.SyntaxError
	offset := len(r.data)
	if errors.As(err, &syntax) {
		offset = min(max(int(syntax.Offset)-1, 0), len(r.data))
	}
	counter := jsonReader{data: r.data, line: 1, column: 1}
	line, column := counter.position(offset)
	return &problem{line: line, column: column, reason: "not valid JSON: " + jsonReason(err)}
}

func jsonReason(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "it ends before the last value is closed"
	}
	return err.Error()
}

// looksLikeJSON reports whether a document begins as a JSON object or array
// does, and not as a template.
func looksLikeJSON(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	if len(data) == 0 || data[0] != '{' && data[0] != '[' {
		return false
	}
	return len(data) == 1 || data[1] != '{' && data[1] != '%' || data[0] == '['
}
