package yamledit

import (
	"bytes"
	"unicode/utf8"
)

// lineStart is where the line around an offset begins, after a byte order mark.
func lineStart(data []byte, at int) int {
	start := at
	for start > 0 && data[start-1] != '\n' && data[start-1] != '\r' {
		start--
	}
	if n := len(byteOrderMark); start == 0 && at >= n && bytes.HasPrefix(data, byteOrderMark) {
		return n
	}
	return start
}

// lineEnd is where the line around an offset ends, before its line break.
func lineEnd(data []byte, at int) int {
	for at < len(data) && data[at] != '\n' && data[at] != '\r' {
		at++
	}
	return at
}

// skipBreak is the offset after the line break at an offset, if there is one.
func skipBreak(data []byte, at int) int {
	if at < len(data) && data[at] == '\r' {
		at++
		if at < len(data) && data[at] == '\n' {
			at++
		}
		return at
	}
	if at < len(data) && data[at] == '\n' {
		at++
	}
	return at
}

// lineBreak is the line break that ends the line around an offset; of the last
// line, that of the text.
func lineBreak(data []byte, at int) string {
	end := lineEnd(data, at)
	if after := skipBreak(data, end); after > end {
		return string(data[end:after])
	}
	first := lineEnd(data, 0)
	if after := skipBreak(data, first); after > first {
		return string(data[first:after])
	}
	return "\n"
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// blankBetween reports whether there is nothing but blanks between offsets.
func blankBetween(data []byte, from, to int) bool {
	return len(bytes.Trim(data[from:max(from, to)], " \t")) == 0
}

// beginsLine reports whether what stands at an offset is the first in its line.
func beginsLine(data []byte, at int) bool {
	return blankBetween(data, lineStart(data, at), at)
}

// indentAt is the white space that begins the line around an offset.
func indentAt(data []byte, at int) string {
	start := lineStart(data, at)
	end := start
	for end < len(data) && isBlank(data[end]) {
		end++
	}
	return string(data[start:end])
}

// skipGap goes over white space, line breaks and comments.
func skipGap(data []byte, at, end int) int {
	for at < end {
		switch {
		case isSpace(data[at]):
			at++
		case data[at] == '#' && (at == 0 || isSpace(data[at-1])):
			at = min(lineEnd(data, at), end)
		default:
			return at
		}
	}
	return end
}

// hasComment reports whether the text between offsets, which holds no quotes,
// has a comment in it.
func hasComment(data []byte, from, to int) bool {
	for i := from; i < to; i++ {
		if data[i] == '#' && (i == 0 || isSpace(data[i-1])) {
			return true
		}
	}
	return false
}

// yamlBreak is the length of the line break at an offset in the eyes of the
// YAML library, which knows more of them than editors do; 0 if there is none.
func yamlBreak(data []byte, at int) int {
	switch rest := data[at:]; {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		return 2
	case rest[0] == '\n', rest[0] == '\r':
		return 1
	case bytes.HasPrefix(rest, []byte("\u0085")):
		return 2
	case bytes.HasPrefix(rest, []byte("\u2028")), bytes.HasPrefix(rest, []byte("\u2029")):
		return 3
	}
	return 0
}

// yamlLines is where the lines between two offsets begin.
func yamlLines(data []byte, from, to int) []int {
	lines := []int{from}
	for at := from; at < to; {
		n := yamlBreak(data[:to], at)
		if n == 0 {
			at++
			continue
		}
		at += n
		lines = append(lines, at)
	}
	return lines
}

// columnOffset is the offset of a column, which counts characters from 1.
func columnOffset(data []byte, start, column int) int {
	for ; column > 1 && start < len(data); column-- {
		_, size := utf8.DecodeRune(data[start:])
		start += size
	}
	return start
}
