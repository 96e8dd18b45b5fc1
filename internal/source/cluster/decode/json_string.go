package decode

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string. Without escapes it is a part of the text and costs no
// copy. Invalid UTF-8 becomes the replacement character, as in encoding/json.
func (r *jsonReader) string() (string, error) {
	if !r.acceptByte('"') {
		return "", r.unexpected("a string")
	}
	begin, ascii := r.at, true
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == '"':
			s := r.text[begin:r.at]
			r.at++
			r.space()
			if !ascii && !utf8.ValidString(s) {
				s = replaceInvalid(s)
			}
			return s, nil
		case c == '\\':
			return r.escaped(begin)
		case c < ' ':
			return "", r.unexpected("a string without control characters")
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", r.unexpected("the end of a string")
}

// escaped reads the rest of a string that has an escape at the current byte.
func (r *jsonReader) escaped(begin int) (string, error) {
	var b strings.Builder
	b.WriteString(r.text[begin:r.at])
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			r.space()
			return replaceInvalid(b.String()), nil
		case c == '\\':
			if err := r.escape(&b); err != nil {
				return "", err
			}
		case c < ' ':
			return "", r.unexpected("a string without control characters")
		default:
			b.WriteByte(c)
			r.at++
		}
	}
	return "", r.unexpected("the end of a string")
}

func (r *jsonReader) escape(b *strings.Builder) error {
	r.at++ // the backslash
	const names, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	c := r.peek()
	if i := strings.IndexByte(names, c); i >= 0 {
		b.WriteByte(meanings[i])
		r.at++
		return nil
	}
	if c != 'u' {
		return r.unexpected("an escape")
	}
	r.at++
	unit, ok := r.hex()
	if !ok {
		return r.unexpected("four hexadecimal digits")
	}
	if utf16.IsSurrogate(unit) {
		unit = r.lowSurrogate(unit)
	}
	b.WriteRune(unit)
	return nil
}

// lowSurrogate reads the second half of a pair. A half that stands alone
// becomes the replacement character, and what follows is read by itself.
func (r *jsonReader) lowSurrogate(high rune) rune {
	before := r.at
	if r.acceptByte('\\') && r.acceptByte('u') {
		if low, ok := r.hex(); ok {
			if whole := utf16.DecodeRune(high, low); whole != utf8.RuneError {
				return whole
			}
		}
	}
	r.at = before
	return utf8.RuneError
}

func (r *jsonReader) hex() (rune, bool) {
	if len(r.text)-r.at < 4 {
		return 0, false
	}
	for i := range 4 {
		c := r.text[r.at+i] | 0x20
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return 0, false
		}
	}
	u, err := strconv.ParseUint(r.text[r.at:r.at+4], 16, 32)
	if err != nil {
		return 0, false
	}
	r.at += 4
	return rune(u), true
}

// replaceInvalid writes one replacement character for each invalid byte.
func replaceInvalid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		b.WriteRune(c)
	}
	return b.String()
}
