package yamldoc

import (
	"bytes"
	"strings"
)

// listBytes is the size from which on a document that is a list of objects, as
// `kubectl get -o yaml` and `-o json` print it, is not kept together: its
// elements are read some at a time. The dump of a cluster is one such document
// of any size.
const listBytes = 1 << 20

// listMode says how the document that is being read is cut.
type listMode uint8

const (
	whole      listMode = iota // not at all
	yamlList                   // at the dashes below "items:"
	jsonList                   // between the elements of "items"
	afterItems                 // the elements are read; what follows tells nothing more
)

// listCut follows a document that is a long list.
type listCut struct {
	mode  listMode
	tried bool   // whether the document was looked at already
	dash  string // what begins an element in YAML: spaces and a dash
}

// cutBefore looks at the beginning of a line and reports whether the part ends
// before it. A document is looked at once it is long.
func (s *splitter) cutBefore(line []byte) bool {
	length := len(s.buffer) - s.current.from
	if length < listBytes && s.list.mode != yamlList && s.list.mode != jsonList {
		return false
	}
	if s.list.mode == whole && !s.list.tried {
		s.list.tried = true
		s.beginList()
	}
	switch s.list.mode {
	case yamlList:
		if isElement := bytes.HasPrefix(line, []byte(s.list.dash)); isElement || !s.leavesList(line) {
			return isElement && length >= listBytes
		}
	case jsonList:
		if s.json.depth != itemDepth || s.json.inString {
			return false
		}
		if closes := bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("]")); !closes {
			return s.json.afterComma && line[0] == ' ' && length >= listBytes && s.closeElements()
		}
		if !s.closeElements() {
			return false
		}
	default:
		return false
	}
	s.list.mode = afterItems
	return true
}

// itemDepth is how many brackets are open between the elements of "items".
const itemDepth = 2

// leavesList reports whether a line belongs to the list no more.
func (s *splitter) leavesList(line []byte) bool {
	indent := len(line) - len(bytes.TrimLeft(line, " "))
	return indent < len(s.list.dash) && hasContent(line)
}

// beginList decides whether the text so far begins a list, and drops what
// stands before its first element.
func (s *splitter) beginList() {
	text := string(s.buffer[s.current.from:])
	at := 0
	for line := range strings.Lines(text) {
		at += len(line)
		switch content := strings.TrimRight(line, " \r\n"); {
		case content == "items:" && !s.json.active:
			if dash := elementPrefix(text[at:]); dash != "" {
				s.list.mode, s.list.dash = yamlList, dash
			}
		case strings.TrimLeft(content, " ") == `"items": [` && s.json.active && strings.HasPrefix(text[at:], " "):
			s.list.mode = jsonList
			// A space before the first element makes room for the bracket that
			// turns some elements into a list.
			s.buffer[s.current.from+at] = '['
		default:
			continue
		}
		break
	}
	if s.list.mode == whole {
		return
	}
	s.current.skipped += strings.Count(text[:at], "\n")
	s.current.from += at
	s.current.elements = true
}

// elementPrefix is the indentation and dash of the first element.
func elementPrefix(text string) string {
	content := strings.TrimLeft(text, " ")
	if !strings.HasPrefix(content, "- ") {
		return ""
	}
	return text[:len(text)-len(content)] + "- "
}

// closeElements makes a list of the JSON elements in the buffer: the comma
// after the last one becomes a bracket.
func (s *splitter) closeElements() bool {
	end := len(bytes.TrimRight(s.buffer, " \r\n"))
	switch {
	case end <= s.current.from || s.buffer[s.current.from] != '[':
		return false
	case s.buffer[end-1] == ',':
		s.buffer[end-1] = ']'
	default:
		s.buffer = append(s.buffer[:end], ']', '\n')
	}
	return true
}
