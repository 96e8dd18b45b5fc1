package yamldoc

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/foilsec/foil/internal/graph"
)

// key reads a field name that is followed by a colon; after is behind that.
func (r *fastReader) key(at int) (name string, after int, ok bool) {
	const longest = 512 // the library allows 1,024 up to the colon
	if at >= len(r.text) {
		return "", 0, false
	}
	var end int
	if c := r.text[at]; c == '"' || c == '\'' {
		name, end, ok = r.quoted(at)
	} else {
		for end = at; end < len(r.text) && isNameCharacter(r.text[end]); end++ {
		}
		ok = end > at && r.text[at] != '-'
		name = r.text[at:end]
		if ok {
			name, ok = plainName(name)
		}
	}
	if !ok || end-at > longest || end >= len(r.text) || r.text[end] != ':' {
		return "", 0, false
	}
	after = end + 1
	return name, after, after == len(r.text) || r.text[after] == ' ' || r.text[after] == '\n'
}

// isNameCharacter tells the characters that nearly all names consist of.
func isNameCharacter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || c == '/'
}

// plainName is the name that a plain scalar is as a key.
func plainName(text string) (string, bool) {
	v := plainScalar(text)
	if v.kind == graph.String {
		return text, true
	}
	name, err := fieldName(v)
	return name, err == nil
}

// quoted reads a quoted scalar on one line.
func (r *fastReader) quoted(at int) (text string, end int, ok bool) {
	if r.text[at] == '\'' {
		return r.singleQuoted(at + 1)
	}
	return r.doubleQuoted(at + 1)
}

func (r *fastReader) singleQuoted(from int) (text string, end int, ok bool) {
	first := len(r.scratch)
	for at := from; ; {
		i := strings.IndexAny(r.text[at:], "'\n")
		if i < 0 || r.text[at+i] == '\n' {
			return "", 0, false
		}
		at += i
		if at+1 == len(r.text) || r.text[at+1] != '\'' {
			if len(r.scratch) == first {
				return r.text[from:at], at + 1, true
			}
			r.scratch = append(r.scratch, r.text[from:at]...)
			return string(r.scratch[first:]), at + 1, true
		}
		r.scratch = append(r.scratch, r.text[from:at+1]...)
		at += 2
		from = at
	}
}

func (r *fastReader) doubleQuoted(from int) (text string, end int, ok bool) {
	r.scratch = r.scratch[:0]
	escaped := false
	for at := from; at < len(r.text); at++ {
		switch r.text[at] {
		case '\n':
			return "", 0, false
		case '"':
			if !escaped {
				return r.text[from:at], at + 1, true
			}
			r.scratch = append(r.scratch, r.text[from:at]...)
			return string(r.scratch), at + 1, true
		case '\\':
			r.scratch = append(r.scratch, r.text[from:at]...)
			used := r.unescape(at + 1)
			if used == 0 {
				return "", 0, false
			}
			escaped, at = true, at+used
			from = at + 1
		}
	}
	return "", 0, false
}

// unescape writes what stands behind a backslash and returns its length; 0 if
// it is none of the escapes that YAML and JSON share.
func (r *fastReader) unescape(at int) int {
	if at >= len(r.text) {
		return 0
	}
	if i := strings.IndexByte(`"\bfnrt`, r.text[at]); i >= 0 {
		r.scratch = append(r.scratch, "\"\\\b\f\n\r\t"[i])
		return 1
	}
	const digits = 4
	if r.text[at] != 'u' || at+digits >= len(r.text) {
		return 0
	}
	code, err := strconv.ParseUint(r.text[at+1:at+1+digits], 16, 32)
	if err != nil || code >= 0xD800 && code < 0xE000 {
		return 0
	}
	r.scratch = utf8.AppendRune(r.scratch, rune(code))
	return 1 + digits
}

// literal reads block text after a `|`.
func (r *fastReader) literal(name string, at graph.Position, from, indent int) bool {
	end := from + 1
	chomp := byte(0)
	if end < len(r.text) && (r.text[end] == '-' || r.text[end] == '+') {
		chomp = r.text[end]
		end++
	}
	if end == len(r.text) || r.text[end] != '\n' {
		return false
	}
	text, next, ok := r.literalText(end+1, indent)
	if !ok {
		return false
	}
	switch chomp {
	case '-':
		text = strings.TrimRight(text, "\n")
	case 0:
		text = strings.TrimRight(text, "\n") + "\n"
	}
	r.builder.String(name, text, at)
	return r.nextFrom(next) && r.indent <= indent
}

// literalText takes the lines of a block text without their indentation, which
// is that of the first one. It leaves texts that begin with an empty line or do
// not end with a line feed, where the rules are finer.
func (r *fastReader) literalText(from, outer int) (text string, next int, ok bool) {
	r.scratch = r.scratch[:0]
	inner := r.spaces(from) - from
	if inner <= max(outer, 0) || from+inner >= len(r.text) || r.text[from+inner] == '\n' || r.text[from+inner] == '\t' {
		return "", 0, false
	}
	for from < len(r.text) {
		end := r.lineEnd(from)
		if end == len(r.text) {
			return "", 0, false
		}
		indent := r.spaces(from) - from
		switch {
		case from+indent == end && indent <= inner:
			r.scratch = append(r.scratch, '\n')
		case indent < inner:
			return string(r.scratch), from, true
		default:
			r.scratch = append(r.scratch, r.text[from+inner:end+1]...)
		}
		r.line++
		from = end + 1
	}
	return string(r.scratch), from, true
}
