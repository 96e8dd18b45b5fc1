package yamledit

import (
	"errors"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

var errScalar = errors.New("the end of a scalar was not found")

// scalarEnd is where a scalar that begins at an offset ends.
func (r *yamlReader) scalarEnd(y *yaml.Node, at, indent int) (int, error) {
	switch {
	case y.Style&yaml.DoubleQuotedStyle != 0:
		return r.doubleQuotedEnd(at)
	case y.Style&yaml.SingleQuotedStyle != 0:
		return r.singleQuotedEnd(at)
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return r.blockScalarEnd(at, indent)
	}
	return r.plainEnd(at, y.Value)
}

func (r *yamlReader) doubleQuotedEnd(at int) (int, error) {
	if at >= len(r.data) || r.data[at] != '"' {
		return 0, errScalar
	}
	for at++; at < len(r.data); at++ {
		switch r.data[at] {
		case '\\':
			at++
		case '"':
			return at + 1, nil
		}
	}
	return 0, errScalar
}

func (r *yamlReader) singleQuotedEnd(at int) (int, error) {
	if at >= len(r.data) || r.data[at] != '\'' {
		return 0, errScalar
	}
	for at++; at < len(r.data); at++ {
		if r.data[at] != '\'' {
			continue
		}
		if at+1 < len(r.data) && r.data[at+1] == '\'' {
			at++
			continue
		}
		return at + 1, nil
	}
	return 0, errScalar
}

// plainEnd finds the end of an unquoted scalar by its value: there are no
// escapes in it, so that all that can differ is white space.
func (r *yamlReader) plainEnd(at int, value string) (int, error) {
	for _, c := range value {
		if isFoldable(c) {
			continue
		}
		for at < len(r.data) {
			got, size := utf8.DecodeRune(r.data[at:])
			if !isFoldable(got) {
				break
			}
			at += size
		}
		got, size := utf8.DecodeRune(r.data[at:])
		if got != c {
			return 0, errScalar
		}
		at += size
	}
	return at, nil
}

func isFoldable(c rune) bool {
	switch c {
	case ' ', '\t', '\n', '\r', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// blockScalarEnd finds the end of a | or > scalar: of its last line of text,
// or, with the indicator +, of its last empty line.
func (r *yamlReader) blockScalarEnd(at, indent int) (int, error) {
	if at >= len(r.data) || r.data[at] != '|' && r.data[at] != '>' {
		return 0, errScalar
	}
	end := lineEnd(r.data, at)
	least, keep := blockHeader(string(r.data[at+1:end]), indent)
	for next := skipBreak(r.data, end); next < len(r.data); {
		stop := lineEnd(r.data, next)
		text := next
		for text < stop && r.data[text] == ' ' {
			text++
		}
		if text < stop && least < 0 {
			least = max(text-next, indent+1)
		}
		if text < stop && text-next < least {
			return end, nil
		}
		if text < stop || keep && stop > end {
			end = stop
		}
		if next = skipBreak(r.data, stop); next == stop {
			break
		}
	}
	return end, nil
}

// blockHeader reads what follows | or >: the indentation of the text, -1 if it
// is not given, and whether empty lines at the end count.
func blockHeader(header string, indent int) (least int, keep bool) {
	least = -1
	header, _, _ = strings.Cut(header, "#")
	for _, c := range header {
		switch {
		case c >= '1' && c <= '9':
			least = max(indent, 0) + int(c-'0')
		case c == '+':
			keep = true
		}
	}
	return least, keep
}
