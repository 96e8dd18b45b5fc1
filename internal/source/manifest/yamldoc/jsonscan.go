package yamldoc

import "bytes"

// jsonScan follows the brackets of a document that begins like JSON, to find
// where the value ends without parsing it.
type jsonScan struct {
	active   bool
	depth    int
	inString bool
	escaped  bool
	atEnd    bool // nothing but white space since the last value was closed
	// afterComma is set when nothing but white space followed a comma.
	afterComma bool
}

// begin decides by the first line with content whether to follow at all.
func (j *jsonScan) begin(line []byte) {
	*j = jsonScan{active: looksLikeJSON(line)}
}

// complete reports whether the text so far is one or more whole values.
func (j *jsonScan) complete() bool { return j.active && j.atEnd && j.depth == 0 }

func (j *jsonScan) scan(line []byte) {
	for i := 0; j.active && i < len(line); i++ {
		switch c := line[i]; {
		case j.inString:
			i = j.scanString(line, i)
		case c == '"':
			j.inString, j.atEnd, j.afterComma = true, false, false
		case c == '{', c == '[':
			j.depth, j.atEnd, j.afterComma = j.depth+1, false, false
		case c == '}', c == ']':
			j.depth, j.atEnd, j.afterComma = j.depth-1, true, false
		case c == ',':
			j.atEnd, j.afterComma = false, true
		case c == '#':
			// A comment: this is YAML, whose quotes and brackets differ.
			j.active = false
		case c != ' ' && c != '\t' && c != '\r' && c != '\n':
			j.atEnd, j.afterComma = false, false
		}
	}
}

// scanString goes on within a string, from i on, to its end or that of the
// line, and returns the index of the last byte that it looked at.
func (j *jsonScan) scanString(line []byte, i int) int {
	if j.escaped {
		j.escaped = false
		return i
	}
	stop := bytes.IndexAny(line[i:], `"\`)
	if stop < 0 {
		return len(line)
	}
	j.inString = line[i+stop] != '"'
	j.escaped = j.inString
	return i + stop
}
