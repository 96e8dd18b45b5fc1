package graph

import (
	"strconv"
	"unicode/utf8"
)

// Path is the way from the root of the document to the value, in the form that
// kubectl users write: "spec.template.spec.containers[0].image". Field names
// that hold a dot, a bracket or something that does not print are quoted:
// metadata.labels["app.kubernetes.io/name"].
// The root itself has the empty path.
func (v Value) Path() string { return v.PathTo() }

// PathTo is the path of a field below v that may not exist: the path of v and
// the given steps.
func (v Value) PathTo(steps ...string) string { return string(v.AppendPath(nil, steps...)) }

// AppendPath appends what [Value.PathTo] gives.
func (v Value) AppendPath(dst []byte, steps ...string) []byte {
	start := len(dst)
	if v.doc != nil {
		nodes := v.doc.nodes
		for at := uint32(0); at != v.index; {
			child, position := at+1, 0
			for nodes[child].end <= v.index {
				child, position = nodes[child].end, position+1
			}
			if nodes[at].kind == List {
				dst = append(strconv.AppendInt(append(dst, '['), int64(position), 10), ']')
			} else {
				dst = appendField(dst, start, Value{v.doc, child}.Key())
			}
			at = child
		}
	}
	for _, step := range steps {
		dst = appendField(dst, start, step)
	}
	return dst
}

// appendField appends a field name to the path that begins at start.
func appendField(dst []byte, start int, key string) []byte {
	if needsQuotes(key) {
		return append(strconv.AppendQuote(append(dst, '['), key), ']')
	}
	if len(dst) > start {
		dst = append(dst, '.')
	}
	return append(dst, key...)
}

// needsQuotes reports whether a field name would be misread in a path, or would
// reach a terminal as something else than text.
func needsQuotes(key string) bool {
	for _, r := range key {
		switch {
		case r == '.', r == '[', r == ']', r == '"', r >= utf8.RuneSelf && !strconv.IsPrint(r), r < ' ', r == 0x7f:
			return true
		}
	}
	return key == ""
}

// Document is the document that the value belongs to, nil for the zero Value.
func (v Value) Document() *Document { return v.doc }

// Compare orders values of one document by their place in it.
func (v Value) Compare(w Value) int { return int(v.index) - int(w.index) }

// Contains reports whether w is v itself or stands below it.
func (v Value) Contains(w Value) bool {
	return v.doc != nil && v.doc == w.doc && w.index >= v.index && w.index < v.doc.nodes[v.index].end
}
