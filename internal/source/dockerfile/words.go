package dockerfile

import "strings"

// word is a part of a line between spaces.
type word struct {
	raw    string // as written
	text   string // without quotes and escapes
	offset int
}

// words splits a text at spaces outside of quotes.
func words(text string, from int, escape byte) []word {
	var list []word
	for i := from; i < len(text); {
		if isSpace(text[i]) {
			i++
			continue
		}
		w := wordAt(text, i, escape)
		list = append(list, w)
		i += len(w.raw)
	}
	return list
}

func wordAt(text string, start int, escape byte) word {
	var plain strings.Builder
	var quote byte
	i := start
	for ; i < len(text) && (quote != 0 || !isSpace(text[i])); i++ {
		switch c := text[i]; {
		case c == escape && quote != '\'' && i+1 < len(text):
			i++
			plain.WriteByte(text[i])
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
		default:
			plain.WriteByte(c)
		}
	}
	return word{text[start:i], plain.String(), start}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }

// variables are what text is filled with.
type variables map[string]string

// expand fills in what a text refers to: $NAME, ${NAME}, ${NAME:-default} and
// ${NAME:+other}. It fails when a name has no value.
func (v variables) expand(text string) (string, bool) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '$' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		expression, length := reference(text[i+1:])
		value, ok := v.value(expression)
		if length == 0 || !ok {
			return "", false
		}
		out.WriteString(value)
		i += length
	}
	return out.String(), true
}

// reference is the expression behind a dollar sign, without braces, and how long
// it is with them.
func reference(text string) (expression string, length int) {
	if text[0] == '{' {
		end := strings.IndexByte(text, '}')
		if end < 0 {
			return "", 0
		}
		return text[1:end], end + 1
	}
	for length < len(text) && isNameByte(text[length]) {
		length++
	}
	return text[:length], length
}

func (v variables) value(expression string) (string, bool) {
	end := 0
	for end < len(expression) && isNameByte(expression[end]) {
		end++
	}
	name, modifier := expression[:end], expression[end:]
	value, known := v[name]
	switch {
	case name == "":
		return "", false
	case modifier == "":
		return value, known
	case strings.HasPrefix(modifier, ":-"):
		if value == "" {
			return modifier[2:], true
		}
		return value, true
	case strings.HasPrefix(modifier, ":+"):
		if value == "" {
			return "", true
		}
		return modifier[2:], true
	}
	return "", false
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
