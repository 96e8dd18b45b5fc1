package yamlstream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokens reads the compact text that encoding/json writes. It is not a parser:
// it relies on the text being valid and without spaces.
type tokens struct {
	text []byte
	at   int
}

// next is the next delimiter or scalar. Commas and colons are passed over.
func (t *tokens) next() []byte {
	if c := t.text[t.at]; c == ',' || c == ':' {
		t.at++
	}
	start := t.at
	switch t.text[start] {
	case '{', '[', '}', ']':
		t.at++
	case '"':
		t.skipString()
	default:
		for t.at < len(t.text) && bytes.IndexByte([]byte(",]}"), t.text[t.at]) < 0 {
			t.at++
		}
	}
	return t.text[start:t.at]
}

func (t *tokens) skipString() {
	for t.at++; t.text[t.at] != '"'; t.at++ {
		if t.text[t.at] == '\\' {
			t.at++
		}
	}
	t.at++
}

// closes passes over the end of a container, if it comes next.
func (t *tokens) closes() bool {
	if c := t.text[t.at]; c != '}' && c != ']' {
		return false
	}
	t.at++
	return true
}

// scalar is a JSON scalar as YAML. Numbers and words are the same in both.
func scalar(token []byte) string {
	if token[0] != '"' {
		return string(token)
	}
	if bytes.IndexByte(token, '\\') < 0 {
		return quote(string(token[1 : len(token)-1]))
	}
	var s string
	if err := json.Unmarshal(token, &s); err != nil {
		return string(token) // a JSON string is a YAML string
	}
	return quote(s)
}

// quote writes a string plain when that is safe beyond doubt, else in double
// quotes.
func quote(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r > 0xffff && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		case r != ' ' && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// isPlain reports whether a string needs no quotes in any version of YAML: it
// begins with a letter, holds nothing that could be syntax, and is no word
// that YAML reads as something else.
func isPlain(s string) bool {
	if len(s) > 1000 || s == "" || isReserved(s) || s[len(s)-1] == ' ' || s[len(s)-1] == ':' {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(first) {
		return false
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) || r >= '0' && r <= '9' || strings.ContainsRune("_/.-()", r):
		case r == ' ' && s[i-1] != ' ':
		case r == ':' && s[i+1] != ' ':
		default:
			return false
		}
	}
	return true
}

// isReserved reports whether a word means a boolean or null in some version.
func isReserved(s string) bool {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf":
		return true
	}
	return false
}
