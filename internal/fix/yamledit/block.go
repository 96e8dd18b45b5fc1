package yamledit

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// fill writes a collection where there is nothing yet: null, {} or [].
func (e *editor) fill(v *node, value *yaml.Node) error {
	s := v.slot
	switch {
	case s.parent == nil:
		return errRoot
	case s.flow || v.isList() && onlyScalars(value):
		return e.substitute(v, value)
	case s.dash && v.hasText():
		column := columnOf(e.data, v.content)
		e.replace(v.content, v.end, e.joined(e.style.block(value, column), v.content))
		return nil
	}
	column := e.style.column(value, s)
	if s.dash && blankBetween(e.data, s.after, lineEnd(e.data, s.after)) {
		lines := e.style.block(value, column)
		e.replace(s.after, lineEnd(e.data, s.after), " "+e.joined(lines, s.after))
		return nil
	}
	if v.hasText() {
		e.replace(v.before(), v.end, "")
	}
	e.addLines(s.after, v.end, e.style.block(value, column), column)
	return nil
}

func onlyScalars(v *yaml.Node) bool {
	for _, item := range v.Content {
		if item.Kind != yaml.ScalarNode {
			return false
		}
	}
	return v.Kind == yaml.SequenceNode
}

// joined makes one text of lines, with the line breaks of the text around it.
func (e *editor) joined(lines []string, at int) string {
	return strings.Join(lines, lineBreak(e.data, at))
}

// before is where the text of a value may begin: after the colon or dash, or
// after an anchor and a tag.
func (n *node) before() int {
	if n.properties > n.start {
		return n.properties
	}
	return n.slot.after
}

// substitute writes another value in the place of one.
func (e *editor) substitute(v *node, value *yaml.Node) error {
	switch s := v.slot; {
	case s.parent == nil:
		return errRoot
	case (s.flow || v.flow) && !inline(value):
		e.inPlace(v, e.flowText(v, value))
	case inline(value) && (s.flow || !e.below(v)):
		e.inPlace(v, e.inlineText(v, value))
	case inline(value):
		e.replace(v.before(), v.before(), " "+e.inlineText(v, value))
		e.dropLines(v.content, v.end)
	default:
		e.substituteBlock(v, value)
	}
	return nil
}

// substituteBlock writes a collection by indentation in the place of a value.
func (e *editor) substituteBlock(v *node, value *yaml.Node) {
	column := e.style.column(value, v.slot)
	switch {
	case e.below(v):
		e.dropLines(v.content, v.end)
		e.addLines(v.slot.after, v.before(), e.style.block(value, column), column)
	case v.slot.dash:
		column = columnOf(e.data, v.content)
		e.replace(v.content, v.end, e.joined(e.style.block(value, column), v.content))
	default:
		e.replace(v.before(), v.end, "")
		e.addLines(v.slot.after, v.end, e.style.block(value, column), column)
	}
}

// below reports whether a value begins in a line below its key or dash.
func (e *editor) below(v *node) bool {
	return v.hasText() && lineStart(e.data, v.content) > v.slot.after
}

// inPlace replaces the text of a value, which may be nothing.
func (e *editor) inPlace(v *node, text string) {
	if v.hasText() {
		e.replace(v.content, v.end, text)
		return
	}
	e.replace(v.before(), v.before(), " "+text)
}

// inlineText is a scalar or empty collection; a string keeps the quotes of the
// one that it replaces.
func (e *editor) inlineText(v *node, value *yaml.Node) string {
	if value.Kind == yaml.ScalarNode && value.ShortTag() == "!!str" && v.hasText() && !strings.ContainsAny(value.Value, "'\"\\\n") {
		if quote := e.data[v.content]; quote == '"' || quote == '\'' {
			return string(quote) + value.Value + string(quote)
		}
	}
	if v.slot.flow {
		return e.flowText(v, value)
	}
	return e.style.bracketed(value, false)
}

// rewriteBlock takes elements out of a block collection, of which some stay,
// and adds others after the last one that stays.
func (e *editor) rewriteBlock(v *node, gone []bool, first, last int, added []addition) error {
	for i := range v.elements {
		if gone[i] && v.elements[i].odd {
			return errForm
		}
	}
	from := 0
	if first > 0 && !beginsLine(e.data, v.elements[0].start) {
		from = first
		e.dropFirst(v, first)
	}
	for i := from; i < len(gone); i++ {
		if gone[i] {
			e.dropLines(v.elements[i].start, v.elements[i].end)
		}
	}
	last = e.sameBranch(v, gone, last)
	for _, a := range added {
		lines := e.style.item(a.value, v.column)
		if v.isMap() {
			lines = e.style.field(a.key, a.value, v.column)
		}
		e.addLines(v.elements[last].start, v.elements[last].end, lines, v.column)
	}
	return nil
}

// sameBranch is the last element that stays and is printed whenever the first
// one is: what is added to a template goes there, and not into an if at its end.
func (e *editor) sameBranch(v *node, gone []bool, last int) int {
	branch := e.branches.at(v.elements[0].start)
	for i := last; i >= 0; i-- {
		if !gone[i] && e.branches.at(v.elements[i].start) == branch {
			return i
		}
	}
	return last
}

// dropFirst takes away the first elements of a collection that begins in the
// line of a dash, and moves the next one up there unless that would lose a
// comment.
func (e *editor) dropFirst(v *node, next int) {
	from, to := v.elements[0].start, v.elements[next].start
	end := lineEnd(e.data, v.elements[0].end)
	if next > 1 || !hasComment(e.data, end, to) {
		e.replace(from, to, "")
		return
	}
	for isBlank(e.data[from-1]) {
		from--
	}
	e.replace(from, end, "")
}
