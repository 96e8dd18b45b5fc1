package generate

import (
	"fmt"
	"strconv"
	"strings"
)

// mapping and list are YAML in the order in which it will be read. Values are
// string, int, bool, mapping or list.
type (
	mapping []field
	list    []any
	field   struct {
		key   string
		value any
	}
)

// with appends a field; a builder's append that reads like the YAML it makes.
func (m mapping) with(key string, value any) mapping { return append(m, field{key, value}) }

// appendYAML writes block style as kubectl does: items of a list start in the
// column of their key.
func appendYAML(out []byte, m mapping) []byte { return appendMapping(out, m, 0) }

func appendMapping(out []byte, m mapping, indent int) []byte {
	for i, f := range m {
		if i > 0 {
			out = appendSpaces(out, indent)
		}
		out = appendScalarText(out, f.key)
		out = append(out, ':')
		out = appendValue(out, f.value, indent)
	}
	return out
}

// appendValue continues the line of a key.
func appendValue(out []byte, value any, indent int) []byte {
	switch v := value.(type) {
	case mapping:
		if len(v) == 0 {
			return append(out, " {}\n"...)
		}
		out = append(out, '\n')
		return appendMapping(appendSpaces(out, indent+2), v, indent+2)
	case list:
		if len(v) == 0 {
			return append(out, " []\n"...)
		}
		return appendList(append(out, '\n'), v, indent)
	default:
		return appendScalar(append(out, ' '), value, indent)
	}
}

func appendList(out []byte, items list, indent int) []byte {
	for _, item := range items {
		out = appendSpaces(out, indent)
		out = append(out, "- "...)
		switch v := item.(type) {
		case mapping:
			if len(v) == 0 {
				out = append(out, "{}\n"...)
				continue
			}
			out = appendMapping(out, v, indent+2)
		default:
			out = appendScalar(out, item, indent)
		}
	}
	return out
}

func appendScalar(out []byte, value any, indent int) []byte {
	switch v := value.(type) {
	case string:
		if isBlock(v) {
			return appendBlock(out, v, indent+2)
		}
		out = appendScalarText(out, v)
	case int:
		out = strconv.AppendInt(out, int64(v), 10)
	case bool:
		out = strconv.AppendBool(out, v)
	default:
		out = strconv.AppendQuote(out, fmt.Sprint(v))
	}
	return append(out, '\n')
}

// isBlock tells a text that a literal block keeps as it is.
func isBlock(s string) bool {
	return len(s) > 1 && strings.HasSuffix(s, "\n") && !strings.HasSuffix(s, "\n\n") &&
		s[0] != ' ' && s[0] != '\n'
}

func appendBlock(out []byte, s string, indent int) []byte {
	out = append(out, "|\n"...)
	for line := range strings.Lines(s) {
		if line != "\n" {
			out = appendSpaces(out, indent)
		}
		out = append(out, line...)
	}
	return out
}

func appendScalarText(out []byte, s string) []byte {
	if isPlain(s) {
		return append(out, s...)
	}
	return strconv.AppendQuote(out, s)
}

// isPlain is careful rather than complete: what YAML 1.1 or 1.2 could read as
// anything but this string is quoted.
func isPlain(s string) bool {
	if s == "" || !isLetter(s[0]) && s[0] != '/' || strings.HasSuffix(s, ":") || strings.HasSuffix(s, " ") {
		return false
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
		return false
	}
	for i := range len(s) {
		if !isLetter(s[i]) && !strings.ContainsRune("0123456789/_.-:@=+ ", rune(s[i])) {
			return false
		}
	}
	return !strings.Contains(s, ": ")
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func appendSpaces(out []byte, n int) []byte {
	for range n {
		out = append(out, ' ')
	}
	return out
}
