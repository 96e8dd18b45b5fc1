package yamldoc

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// part is the text of one document and the number of lines before it.
type part struct {
	data    []byte
	skipped int
	// tooLong is set when the document was longer than allowed; data is then
	// only its beginning.
	tooLong bool
	// from and to are where the text stands in the buffer that it was read
	// into.
	from, to int
}

// splitter cuts a stream into documents: at `---` and `...` lines, and after
// each JSON value that ends a line, so that JSON Lines and the output of
// several commands in one file are read value by value.
type splitter struct {
	in    *bufio.Reader
	limit int
	line  int // lines taken so far
	// midLine is set when the last chunk did not end its line, comment when
	// that line holds no content.
	midLine, comment bool
	// pending is a `---` line that ended the document before.
	pending []byte
	buffer  []byte
	current part
	json    jsonScan
	state   partState
}

// partState says what the part holds so far.
type partState uint8

const (
	blank   partState = iota // nothing, or comments and directives
	started                  // a `---` line
	filled                   // content
)

func newSplitter(in *bufio.Reader, limit int) *splitter {
	return &splitter{in: in, limit: limit}
}

// next reads the next document that holds anything behind what is in the
// buffer, and returns the longer buffer; io.EOF after the last one.
func (s *splitter) next(buffer []byte) ([]byte, part, error) {
	s.buffer, s.current = buffer, part{from: len(buffer)}
	s.restart()
	if s.pending != nil {
		s.add(s.pending, true)
		s.line++
		s.pending = nil
	}
	for {
		chunk, err := s.in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			err = nil
		}
		ended := len(chunk) > 0 && s.take(chunk)
		if ended || errors.Is(err, io.EOF) && s.state == filled {
			s.current.to = len(s.buffer)
			return s.buffer, s.current, nil
		}
		if err != nil {
			return s.buffer, part{}, err
		}
	}
}

// take adds a line, or a piece of a long one, and reports whether a document
// with content ends with it or before it.
func (s *splitter) take(chunk []byte) (ended bool) {
	first, last := !s.midLine, chunk[len(chunk)-1] == '\n'
	s.midLine = !last
	switch {
	case first && isMarker(chunk, "---"):
		if s.state == filled {
			s.pending = bytes.Clone(chunk)
			return true
		}
		if s.state == started {
			s.restart()
		}
	case first && isMarker(chunk, "..."):
		s.line++
		if s.state == filled {
			return true
		}
		s.restart()
		return false
	}
	s.add(chunk, first)
	if last {
		s.line++
	}
	return last && s.state == filled && s.json.complete()
}

// restart drops a part that turned out to hold nothing.
func (s *splitter) restart() {
	s.buffer = s.buffer[:s.current.from]
	s.current.skipped, s.current.tooLong = s.line, false
	s.state, s.json = blank, jsonScan{}
}

func (s *splitter) add(chunk []byte, first bool) {
	content := chunk
	if first && isMarker(chunk, "---") {
		s.state, content = max(s.state, started), chunk[3:]
	}
	if s.state != filled {
		if first {
			s.comment = !hasContent(content)
		}
		if !s.comment {
			s.state = filled
			s.json.begin(content)
		}
	}
	if s.json.active {
		s.json.scan(content)
	}
	if len(s.buffer)-s.current.from+len(chunk) > s.limit {
		s.current.tooLong = true
		return
	}
	s.buffer = append(s.buffer, chunk...)
}

// isMarker reports whether a line is the document marker: alone or followed
// by white space.
func isMarker(line []byte, marker string) bool {
	if line[0] != marker[0] || len(line) < 3 || string(line[:3]) != marker {
		return false
	}
	return len(line) == 3 || bytes.IndexByte([]byte(" \t\r\n"), line[3]) >= 0
}

// hasContent reports whether a line is more than white space, a comment or a
// directive.
func hasContent(line []byte) bool {
	line = bytes.TrimLeft(line, " \t\r\n")
	return len(line) > 0 && line[0] != '#' && line[0] != '%'
}
