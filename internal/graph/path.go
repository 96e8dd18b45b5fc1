package graph

import (
	"strconv"
	"strings"
)

// Path is the way from the root of the document to the value, in the form that
// kubectl users write: "spec.template.spec.containers[0].image". Field names
// that hold a dot, a bracket or something that does not print are quoted:
// metadata.labels["app.kubernetes.io/name"].
// The root itself has the empty path.
func (v Value) Path() string {
	if v.doc == nil {
		return ""
	}
	var b strings.Builder
	nodes := v.doc.nodes
	for at := uint32(0); at != v.index; {
		child, position := at+1, 0
		for nodes[child].end <= v.index {
			child, position = nodes[child].end, position+1
		}
		writeStep(&b, nodes[at].kind, Value{v.doc, child}.Key(), position)
		at = child
	}
	return b.String()
}

// PathTo is the path of a field below v that may not exist: the path of v and
// the given steps.
func (v Value) PathTo(steps ...string) string {
	var b strings.Builder
	b.WriteString(v.Path())
	for _, step := range steps {
		writeStep(&b, Map, step, 0)
	}
	return b.String()
}

func writeStep(b *strings.Builder, parent ValueKind, key string, position int) {
	switch {
	case parent == List:
		b.WriteByte('[')
		b.WriteString(strconv.Itoa(position))
		b.WriteByte(']')
	case needsQuotes(key):
		b.WriteByte('[')
		b.WriteString(strconv.Quote(key))
		b.WriteByte(']')
	default:
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(key)
	}
}

// needsQuotes reports whether a field name would be misread in a path, or would
// reach a terminal as something else than text.
func needsQuotes(key string) bool {
	return key == "" || strings.ContainsAny(key, ".[]\"") ||
		strings.ContainsFunc(key, func(r rune) bool { return !strconv.IsPrint(r) })
}

// Document is the document that the value belongs to, nil for the zero Value.
func (v Value) Document() *Document { return v.doc }

// Compare orders values of one document by their place in it.
func (v Value) Compare(w Value) int { return int(v.index) - int(w.index) }

// Contains reports whether w is v itself or stands below it.
func (v Value) Contains(w Value) bool {
	return v.doc != nil && v.doc == w.doc && w.index >= v.index && w.index < v.doc.nodes[v.index].end
}
