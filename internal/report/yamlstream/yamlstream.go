// Package yamlstream writes large YAML piece by piece, from values that have
// a JSON form: names, order and omissions of fields are those of encoding/json.
//
// Strings are plain where every YAML reader takes them for strings, and
// double-quoted with JSON's escapes everywhere else, so that readers of YAML
// 1.1 and 1.2 get the same. Writers of YAML forms call it; it knows nothing
// of reports.
package yamlstream

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Writer writes YAML. After the first error it writes nothing more and Flush
// returns that error.
type Writer struct {
	out *bufio.Writer
	err error
}

// New makes a writer. The caller must Flush it.
func New(w io.Writer) *Writer { return &Writer{out: bufio.NewWriterSize(w, 64<<10)} }

// Document writes a value as a document of its own.
func (s *Writer) Document(value any) {
	s.out.WriteString("---\n")
	s.convert(value, 0, lineStart)
}

// Field writes a member of the mapping that the document is.
func (s *Writer) Field(name string, value any) {
	s.out.WriteString(quote(name) + ":")
	s.convert(value, 1, afterKey)
}

// List begins a member that is a list of at least one element; Element writes
// each of them.
func (s *Writer) List(name string) { s.out.WriteString(quote(name) + ":\n") }

// Element writes an element of the list begun last.
func (s *Writer) Element(value any) {
	s.out.WriteString("  -")
	s.convert(value, 2, afterDash)
}

// Flush writes what is buffered and returns the first error.
func (s *Writer) Flush() error {
	if s.err == nil {
		s.err = s.out.Flush()
	}
	return s.err
}

// place is what stands before a value on its line.
type place int

const (
	lineStart place = iota
	afterKey
	afterDash
)

// convert writes a value through its JSON form.
func (s *Writer) convert(value any, indent int, at place) {
	if s.err != nil {
		return
	}
	text, err := json.Marshal(value)
	if err != nil {
		s.err = fmt.Errorf("convert %T to YAML: %w", value, err)
		return
	}
	s.value(&tokens{text: text}, indent, at)
}

// value copies the next value; what spans lines is indented.
func (s *Writer) value(in *tokens, indent int, at place) {
	switch opening := in.next(); opening[0] {
	case '{':
		if in.closes() {
			s.leaf("{}", at)
			return
		}
		s.members(in, indent, at)
	case '[':
		if in.closes() {
			s.leaf("[]", at)
			return
		}
		s.elements(in, indent, at)
	default:
		s.leaf(scalar(opening), at)
	}
}

func (s *Writer) leaf(text string, at place) {
	if at != lineStart {
		s.out.WriteByte(' ')
	}
	s.out.WriteString(text)
	s.out.WriteByte('\n')
}

// members writes a mapping that is not empty. Behind a dash its first member
// stands on the same line.
func (s *Writer) members(in *tokens, indent int, at place) {
	if at == afterKey {
		s.out.WriteByte('\n')
	}
	for first := true; first || !in.closes(); first = false {
		if first && at == afterDash {
			s.out.WriteByte(' ')
		} else {
			s.indent(indent)
		}
		s.key(scalar(in.next()), indent)
		s.value(in, indent+1, afterKey)
	}
}

// key writes a field name. YAML allows no long ones without a question mark.
func (s *Writer) key(name string, indent int) {
	if len(name) > 1000 {
		s.out.WriteString("? " + name + "\n")
		s.indent(indent)
		name = ""
	}
	s.out.WriteString(name)
	s.out.WriteByte(':')
}

func (s *Writer) elements(in *tokens, indent int, at place) {
	if at != lineStart {
		s.out.WriteByte('\n')
	}
	for first := true; first || !in.closes(); first = false {
		s.indent(indent)
		s.out.WriteByte('-')
		s.value(in, indent+1, afterDash)
	}
}

func (s *Writer) indent(n int) {
	for range n {
		s.out.WriteString("  ")
	}
}
