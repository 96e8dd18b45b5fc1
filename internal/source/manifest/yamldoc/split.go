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
	// elements is set when the text is some of the elements of a long list.
	elements bool
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
	list    listCut
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
	s.buffer, s.current = buffer, part{from: len(buffer), skipped: s.line}
	if s.list.mode == whole {
		s.restart()
	} else {
		s.current.elements = s.list.mode != afterItems
	}
	if s.pending != nil {
		s.takePending()
	}
	for {
		chunk, err := s.in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			err = nil
		}
		ended := len(chunk) > 0 && s.take(chunk)
		if ended || errors.Is(err, io.EOF) && s.state == filled && s.list.mode != afterItems {
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
		if s.state == filled && s.list.mode != afterItems {
			s.list, s.pending = listCut{}, bytes.Clone(chunk)
			return true
		}
		if s.state != blank {
			s.restart()
		}
	case first && isMarker(chunk, "..."):
		s.line++
		if s.state == filled && s.list.mode != afterItems {
			s.list = listCut{}
			return true
		}
		s.restart()
		return false
	case first && s.state == filled && s.cutBefore(chunk):
		s.pending = bytes.Clone(chunk)
		return true
	}
	s.add(chunk, first)
	if last {
		s.line++
	}
	return last && s.complete()
}

// takePending takes the line that ended the part before: a `---` line or the
// first one after some elements of a list.
func (s *splitter) takePending() {
	line := s.pending
	s.pending = nil
	if s.json.active && s.list.mode == jsonList {
		s.add(append([]byte{'['}, line[1:]...), true)
		s.json.depth-- // of the bracket that was put in
	} else {
		s.add(line, true)
	}
	if line[len(line)-1] == '\n' {
		s.line++
	}
}

// complete reports whether the document ends with the line that was added.
func (s *splitter) complete() bool {
	if s.state != filled || !s.json.complete() {
		return false
	}
	if s.list.mode == afterItems {
		s.restart()
		return false
	}
	s.list = listCut{}
	return true
}

// restart drops a part that turned out to hold nothing.
func (s *splitter) restart() {
	s.buffer = s.buffer[:s.current.from]
	s.current.skipped, s.current.tooLong = s.line, false
	s.state, s.json, s.list = blank, jsonScan{}, listCut{}
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
	if s.list.mode == afterItems {
		return
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
