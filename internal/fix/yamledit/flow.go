package yamledit

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// flowText is a value in brackets. It goes over several lines where the
// collection around it does.
func (e *editor) flowText(v *node, value *yaml.Node) string {
	s := e.flowStyle(v.slot.parent)
	at := v.content
	if !v.hasText() {
		at = v.slot.after
	}
	if v.slot.flow && v.slot.parent.spread(e.data) {
		return s.spread(value, indentAt(e.data, at), lineBreak(e.data, at))
	}
	return s.bracketed(value, true)
}

// flowStyle is the style of a collection in brackets: YAML whose keys are all
// in double quotes gets more of them.
func (e *editor) flowStyle(v *node) style {
	s := e.style
	if !v.flow || !v.isMap() || s.json {
		return s
	}
	s.json = true
	for i := range v.elements {
		s.json = s.json && e.data[v.elements[i].keyStart] == '"'
	}
	return s
}

// spread reports whether a collection in brackets is written over several
// lines, one for each element.
func (n *node) spread(data []byte) bool {
	return n.flow && len(n.elements) > 0 && beginsLine(data, n.elements[len(n.elements)-1].start)
}

// rewriteFlow takes elements out of a collection in brackets, of which some
// stay, and adds others after the last one that stays.
func (e *editor) rewriteFlow(v *node, gone []bool, last int, added []addition) error {
	for i := range v.elements {
		if gone[i] && v.elements[i].odd {
			return errForm
		}
	}
	for i := 0; i < last; i++ {
		if !gone[i] {
			continue
		}
		from := v.elements[i].start
		for gone[i] {
			i++
		}
		e.replace(from, v.elements[i].start, "")
	}
	switch {
	case last == len(v.elements)-1:
		e.addFlow(v, added)
	case len(added) == 0:
		e.dropTail(v, last)
	default:
		texts, between := e.flowElements(v, added)
		e.replace(v.elements[last+1].start, v.elements[len(v.elements)-1].end, strings.Join(texts, ","+between))
	}
	return nil
}

// commaAfter is the offset of the comma after an element; -1 if there is none.
func (e *editor) commaAfter(v *node, i int) int {
	at := skipGap(e.data, v.elements[i].end, v.end)
	if at < v.end && e.data[at] == ',' {
		return at
	}
	return -1
}

// dropTail takes away all elements after one that stays, and the comma between;
// a comma at the end of the last line stays there.
func (e *editor) dropTail(v *node, last int) {
	stays, next, end := v.elements[last].end, v.elements[last+1].start, v.elements[len(v.elements)-1].end
	comma := ""
	if own := e.commaAfter(v, len(v.elements)-1); own >= 0 {
		end = own + 1
		if v.spread(e.data) {
			comma = ","
		}
	}
	if !hasComment(e.data, stays, next) {
		e.replace(stays, end, comma)
		return
	}
	if between := e.commaAfter(v, last); comma == "" {
		e.replace(between, between+1, "")
	}
	if beginsLine(e.data, next) {
		if stop := lineEnd(e.data, end); hasComment(e.data, end, min(stop, v.end-1)) {
			end = stop
		}
		next = lineStart(e.data, next) - 1
		if e.data[next-1] == '\r' {
			next--
		}
	}
	e.replace(next, end, "")
}

// addFlow adds elements at the end of a collection in brackets.
func (e *editor) addFlow(v *node, added []addition) {
	if len(added) == 0 {
		return
	}
	texts, between := e.flowElements(v, added)
	at := v.elements[len(v.elements)-1].end
	body := between + strings.Join(texts, ","+between)
	if !v.spread(e.data) {
		e.replace(at, at, ","+body)
		return
	}
	if own := e.commaAfter(v, len(v.elements)-1); own >= 0 {
		at, body = own+1, body+","
	} else {
		e.replace(at, at, ",")
	}
	if stop := lineEnd(e.data, at); hasComment(e.data, at, min(stop, v.end-1)) {
		at = stop
	}
	e.replace(at, at, body)
}

// flowElements are new elements as texts, and what stands between them after
// the comma.
func (e *editor) flowElements(v *node, added []addition) (texts []string, between string) {
	s := e.flowStyle(v)
	at := v.elements[len(v.elements)-1].start
	indent, eol := indentAt(e.data, at), lineBreak(e.data, at)
	spread := v.spread(e.data)
	if between = strings.TrimPrefix(s.comma, ","); spread {
		between = eol + indent
	}
	for _, a := range added {
		value := s.bracketed(a.value, true)
		if spread {
			value = s.spread(a.value, indent, eol)
		}
		if v.isMap() {
			value = s.key(a.key) + s.colon + value
		}
		texts = append(texts, value)
	}
	return texts, between
}
