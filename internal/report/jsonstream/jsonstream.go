// Package jsonstream writes a large JSON value piece by piece, so that a
// report is never held in memory as text. Opened objects and arrays are laid
// out over lines, each element of theirs on a line of its own: the result can
// be read, searched with grep and compared with diff.
//
// Writers of JSON forms call it; it knows nothing of reports.
package jsonstream

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// Writer writes one JSON value. After the first error it writes nothing more
// and Close returns that error.
type Writer struct {
	out     *bufio.Writer
	scratch bytes.Buffer
	encoder *json.Encoder
	depth   int
	first   bool // nothing stands in the innermost container yet
	err     error
}

// New makes a writer. The caller must Close it.
func New(w io.Writer) *Writer {
	s := &Writer{out: bufio.NewWriterSize(w, 64<<10)}
	s.encoder = json.NewEncoder(&s.scratch)
	s.encoder.SetEscapeHTML(false)
	return s
}

// Object writes an object as the whole value or as an element; members writes
// what is in it.
func (s *Writer) Object(members func()) {
	s.separate()
	s.container('{', '}', members)
}

// Field writes a member of the current object.
func (s *Writer) Field(name string, value any) {
	s.name(name)
	s.value(value)
}

// ObjectField writes a member that is an object.
func (s *Writer) ObjectField(name string, members func()) {
	s.name(name)
	s.container('{', '}', members)
}

// ArrayField writes a member that is an array; elements writes them with Item
// or Object.
func (s *Writer) ArrayField(name string, elements func()) {
	s.name(name)
	s.container('[', ']', elements)
}

// Item writes an element of the current array.
func (s *Writer) Item(value any) {
	s.separate()
	s.value(value)
}

// Close ends the value with a line break and returns the first error.
func (s *Writer) Close() error {
	if s.err == nil {
		s.out.WriteByte('\n')
		s.err = s.out.Flush()
	}
	return s.err
}

func (s *Writer) container(opening, closing byte, content func()) {
	s.out.WriteByte(opening)
	s.depth++
	s.first = true
	content()
	s.depth--
	if !s.first {
		s.line()
	}
	s.first = false
	s.out.WriteByte(closing)
}

func (s *Writer) name(name string) {
	s.separate()
	s.value(name)
	s.out.WriteString(": ")
}

// separate begins a member or element; the whole value needs nothing.
func (s *Writer) separate() {
	if s.depth == 0 {
		return
	}
	if !s.first {
		s.out.WriteByte(',')
	}
	s.first = false
	s.line()
}

func (s *Writer) line() {
	s.out.WriteByte('\n')
	s.out.WriteString(strings.Repeat("  ", s.depth))
}

func (s *Writer) value(value any) {
	if s.err != nil {
		return
	}
	s.scratch.Reset()
	if s.err = s.encoder.Encode(value); s.err == nil {
		_, s.err = s.out.Write(bytes.TrimSuffix(s.scratch.Bytes(), []byte("\n")))
	}
}
