package yamldoc

import (
	"strings"
	"unicode/utf8"

	"github.com/foilsec/foil/internal/graph"
)

// fastReader reads the part of YAML that nearly all manifests keep to, and
// JSON, straight into a document builder: some ten times as fast as by way of
// the library's tree, and with hardly any garbage. Whatever it is not sure of,
// it leaves: then the document is read again by the library, which also finds
// the words for what is wrong. A fuzz test holds both to the same result.
//
// It knows block maps and lists, plain and quoted scalars on one line, literal
// block text, flow maps and lists on any number of lines, and comments. It
// leaves anchors, tags, merge keys, folded text, scalars on several lines,
// fields that are set twice, and all that is wrong.
type fastReader struct {
	builder *graph.DocumentBuilder
	limits  Limits
	file    string
	skipped int
	text    string
	json    bool // the text must be JSON: a plain word is an error there
	wide    bool // the text has characters of more than one byte
	count   int
	keys    []string // names of the fields of the open maps
	scratch []byte   // unescaped text; strings share it until the document is finished

	// The line that is being read. content is where it begins after its
	// indentation, at where reading goes on.
	line, start, indent, content, at int
	end                              bool // there is no further line
	// mark is a place on the line whose column is known.
	mark, markColumn int
}

// read reads a document. If it reports false, what it has written into the
// builder must be thrown away.
func (r *fastReader) read(text, file string, skipped int, json bool) bool {
	if !r.plainCharacters(text) {
		return false
	}
	r.text, r.file, r.skipped, r.json = text, file, skipped, json
	r.count, r.keys, r.scratch = 0, r.keys[:0], r.scratch[:0]
	r.line, r.start, r.end = 0, 0, false
	return r.nextFrom(0) && r.skipMarker() && !r.end && r.root() && r.end
}

// plainCharacters looks for what the library treats in its own way: characters
// that are no text, and line breaks other than line feeds.
func (r *fastReader) plainCharacters(text string) bool {
	r.wide = false
	for i := range len(text) {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			r.wide = true
		case c < ' ' && c != '\n' && c != '\t' || c == 0x7F:
			return false
		}
	}
	return !r.wide || strings.IndexFunc(text, isOdd) < 0
}

func isOdd(c rune) bool {
	return c >= 0x80 && c < 0xA0 || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF
}

// nextFrom goes to the next line with content, from the start of a line on.
func (r *fastReader) nextFrom(start int) bool {
	for start < len(r.text) {
		r.line++
		r.start = start
		content := start
		for content < len(r.text) && r.text[content] == ' ' {
			content++
		}
		switch {
		case content == len(r.text):
			start = content
		case r.text[content] == '\n':
			start = content + 1
		case r.text[content] == '#':
			start = r.lineEnd(content) + 1
		default:
			r.content, r.indent, r.at = content, content-start, content
			r.mark, r.markColumn = start, 1
			return r.text[content] != '\t'
		}
	}
	r.end, r.indent = true, -1
	return true
}

// lineEnd is where the line that holds a place ends.
func (r *fastReader) lineEnd(at int) int {
	if i := strings.IndexByte(r.text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(r.text)
}

// skipMarker goes past a `---` line of its own.
func (r *fastReader) skipMarker() bool {
	if r.end || r.indent != 0 || !strings.HasPrefix(r.text[r.at:], "---") {
		return true
	}
	return r.restIsBlank(r.at+3) && r.nextFrom(r.lineEnd(r.at)+1)
}

// restIsBlank reports whether nothing but a comment follows on the line.
func (r *fastReader) restIsBlank(at int) bool {
	i := r.spaces(at)
	return i == len(r.text) || r.text[i] == '\n' || r.text[i] == '#' && i > at
}

func (r *fastReader) spaces(at int) int {
	for at < len(r.text) && r.text[at] == ' ' {
		at++
	}
	return at
}

// isDash reports whether an element of a list begins at a place.
func (r *fastReader) isDash(at int) bool {
	return at < len(r.text) && r.text[at] == '-' && (at+1 == len(r.text) || r.text[at+1] == ' ' || r.text[at+1] == '\n')
}

// position is the position of a place on the line. Places must not go back.
func (r *fastReader) position(at int) graph.Position {
	if r.wide {
		r.markColumn += utf8.RuneCountInString(r.text[r.mark:at])
	} else {
		r.markColumn += at - r.mark
	}
	r.mark = at
	return graph.Position{File: r.file, Line: r.line + r.skipped, Column: r.markColumn}
}

// spend counts a value.
func (r *fastReader) spend(depth int) bool {
	r.count++
	return r.count <= r.limits.Nodes && depth <= r.limits.Depth
}

func (r *fastReader) root() bool {
	at := r.position(r.at)
	if c := r.text[r.at]; c == '{' || c == '[' {
		return r.inline("", at, r.at, -1, 1)
	}
	return r.block("", at, r.indent, 1)
}
