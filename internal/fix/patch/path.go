package patch

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// Step is one step of a path: a field of a map or an element of a list.
type Step struct {
	Key    string
	Index  int
	InList bool // the step is an Index
}

// Path is the way from the root of an object to a field.
type Path []Step

// Field is the step to a field of a map.
func Field(key string) Step { return Step{Key: key} }

// Element is the step to an element of a list.
func Element(index int) Step { return Step{Index: index, InList: true} }

// ParsePath reads a path as [graph.Value.Path] writes it. A dot before a
// bracket is allowed: the steps of controls are joined to paths with dots.
func ParsePath(text string) (Path, error) {
	var path Path
	for rest := text; rest != ""; {
		step, after, err := cutStep(rest, len(path) == 0)
		if err != nil {
			return nil, fmt.Errorf("path %q: at byte %d: %w", text, len(text)-len(rest), err)
		}
		path, rest = append(path, step), after
	}
	return path, nil
}

// cutStep reads the first step of a text.
func cutStep(text string, first bool) (step Step, rest string, err error) {
	name, dotted := strings.CutPrefix(text, ".")
	switch {
	case strings.HasPrefix(name, "[") && !(dotted && first):
		return cutBracket(name)
	case dotted == first:
		return Step{}, "", fmt.Errorf("%q is not where a field begins", text[0])
	}
	end := strings.IndexAny(name, `.["]`)
	if end < 0 {
		end = len(name)
	}
	if end == 0 {
		return Step{}, "", fmt.Errorf("a field name is missing")
	}
	return Field(name[:end]), name[end:], nil
}

// cutBracket reads [3] or ["name"].
func cutBracket(text string) (step Step, rest string, err error) {
	inner := text[1:]
	if strings.HasPrefix(inner, `"`) {
		quoted, err := strconv.QuotedPrefix(inner)
		if err != nil {
			return Step{}, "", fmt.Errorf("a quoted field name does not end")
		}
		key, err := strconv.Unquote(quoted)
		if err != nil {
			return Step{}, "", fmt.Errorf("field name %s: %w", quoted, err)
		}
		step, inner = Field(key), inner[len(quoted):]
	} else {
		end := strings.IndexByte(inner, ']')
		index, err := strconv.Atoi(inner[:max(end, 0)])
		if err != nil || index < 0 {
			return Step{}, "", fmt.Errorf("neither an index nor a quoted field name between brackets")
		}
		step, inner = Element(index), inner[end:]
	}
	rest, closed := strings.CutPrefix(inner, "]")
	if !closed {
		return Step{}, "", fmt.Errorf("a bracket is not closed")
	}
	return step, rest, nil
}

// String is the path as [graph.Value.Path] writes it.
func (p Path) String() string {
	var b strings.Builder
	for _, step := range p {
		name := "[" + strconv.Itoa(step.Index) + "]"
		if !step.InList {
			name = graph.Value{}.PathTo(step.Key)
		}
		if b.Len() > 0 && name[0] != '[' {
			b.WriteByte('.')
		}
		b.WriteString(name)
	}
	return b.String()
}
