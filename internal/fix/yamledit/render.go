package yamledit

import (
	"bytes"
	"encoding/json"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/fix/patch"
)

// isEmptyValue reports whether a value is a map or list without anything in it.
func isEmptyValue(v *yaml.Node) bool {
	return (v.Kind == yaml.MappingNode || v.Kind == yaml.SequenceNode) && len(v.Content) == 0
}

// inline reports whether a value is written in the line of its key.
func inline(v *yaml.Node) bool { return v.Kind == yaml.ScalarNode || isEmptyValue(v) }

// field is a key and a value as lines, the key at the given column; the first
// line comes without its indentation.
func (s style) field(key string, v *yaml.Node, column int) []string {
	name := scalarText(key, false)
	if inline(v) {
		return []string{name + ": " + s.bracketed(v, false)}
	}
	return append([]string{name + ":"}, s.indented(v, s.column(v, slot{column: column}))...)
}

// item is an element of a list as lines, its dash at the given column.
func (s style) item(v *yaml.Node, column int) []string {
	if inline(v) {
		return []string{"- " + s.bracketed(v, false)}
	}
	lines := s.block(v, column+2)
	lines[0] = "- " + lines[0]
	return lines
}

// block is a collection as lines at the given column; the first line comes
// without its indentation.
func (s style) block(v *yaml.Node, column int) []string {
	lines := s.indented(v, column)
	lines[0] = lines[0][column:]
	return lines
}

// indented is a collection as lines at the given column.
func (s style) indented(v *yaml.Node, column int) []string {
	var lines []string
	pad := strings.Repeat(" ", column)
	add := func(part []string) {
		part[0] = pad + part[0]
		lines = append(lines, part...)
	}
	if v.Kind == yaml.SequenceNode {
		for _, item := range v.Content {
			add(s.item(item, column))
		}
		return lines
	}
	for i := 0; i+1 < len(v.Content); i += 2 {
		add(s.field(patch.FieldName(v.Content[i]), v.Content[i+1], column))
	}
	return lines
}

// bracketed is a value in one line; within tells that it stands in brackets,
// where more needs quotes.
func (s style) bracketed(v *yaml.Node, within bool) string {
	if v.Kind == yaml.ScalarNode {
		return s.scalar(v, within)
	}
	var parts []string
	if v.Kind == yaml.SequenceNode {
		for _, item := range v.Content {
			parts = append(parts, s.bracketed(item, true))
		}
		return "[" + strings.Join(parts, s.comma) + "]"
	}
	for i := 0; i+1 < len(v.Content); i += 2 {
		parts = append(parts, s.key(patch.FieldName(v.Content[i]))+s.colon+s.bracketed(v.Content[i+1], true))
	}
	return "{" + strings.Join(parts, s.comma) + "}"
}

// spread is a JSON value over several lines; indent begins the line that it
// stands in. Short lists of scalars in YAML stay in one line.
func (s style) spread(v *yaml.Node, indent, lineBreak string) string {
	if inline(v) || !s.json {
		return s.bracketed(v, true)
	}
	inner := lineBreak + indent + s.unit
	var b strings.Builder
	if v.Kind == yaml.SequenceNode {
		b.WriteString("[")
		for i, item := range v.Content {
			b.WriteString(separator(i) + inner + s.spread(item, indent+s.unit, lineBreak))
		}
		return b.String() + lineBreak + indent + "]"
	}
	b.WriteString("{")
	for i := 0; i+1 < len(v.Content); i += 2 {
		b.WriteString(separator(i) + inner + s.key(patch.FieldName(v.Content[i])) + s.colon + s.spread(v.Content[i+1], indent+s.unit, lineBreak))
	}
	return b.String() + lineBreak + indent + "}"
}

func separator(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

// key is a field name in brackets.
func (s style) key(name string) string {
	if s.json {
		return quoted(name)
	}
	return scalarText(name, true)
}

// scalar is a scalar of a fix. What its author wrote without quotes needs none
// in YAML, unless brackets are around it now.
func (s style) scalar(v *yaml.Node, within bool) string {
	text := v.ShortTag() == "!!str" || v.ShortTag() == "!!timestamp"
	switch {
	case !text && !s.json:
		return v.Value
	case !text:
		return jsonScalar(v)
	case s.json, v.Style != 0, strings.Contains(v.Value, "\n"), within && strings.ContainsAny(v.Value, ",[]{}"):
		return quoted(v.Value)
	}
	return v.Value
}

// jsonScalar writes a number, boolean or null as JSON has them.
func jsonScalar(v *yaml.Node) string {
	encoded, err := json.Marshal(patch.ScalarOf(v))
	if err != nil {
		return quoted(v.Value)
	}
	return string(encoded)
}

// scalarText writes a string, in quotes where it needs them.
func scalarText(s string, within bool) string {
	if isPlain(s, within) {
		return s
	}
	return quoted(s)
}

// isPlain reports whether a string can go without quotes in any YAML.
func isPlain(s string, within bool) bool {
	if s == "" || strings.TrimSpace(s) != s || strings.ContainsAny(s, "\n\r\t\"'#\\`%@&*!|>") {
		return false
	}
	if within && strings.ContainsAny(s, ",[]{}") {
		return false
	}
	if strings.ContainsAny(s[:1], ",[]{}-?:.+0123456789~=<") || strings.Contains(s, ": ") || strings.HasSuffix(s, ":") {
		return false
	}
	for _, c := range s {
		if c < ' ' || c > '~' {
			return false
		}
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "true", "false", "on", "off", "null":
		return false
	}
	return true
}

// quoted is a string in double quotes, as JSON and YAML both read it.
func quoted(s string) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
