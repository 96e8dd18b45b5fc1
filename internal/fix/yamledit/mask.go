package yamledit

import (
	"bytes"
	"sort"
)

// region is a part of a text that is not to be touched.
type region struct{ from, to int }

// mask makes the text of a Helm template into YAML of the same length: lines
// that hold only actions become comments, actions within a line become letters.
// The result is not what the template renders; it has the shape of the text
// around the actions, which is what edits go by.
func mask(data []byte) (masked []byte, actions []region) {
	masked = bytes.Clone(data)
	for at := 0; ; {
		i := bytes.Index(data[at:], []byte("{{"))
		if i < 0 {
			break
		}
		from := at + i
		at = actionEnd(data, from)
		actions = append(actions, region{from, at})
		fill(masked, from, at, 'x')
	}
	for i := 0; i < len(actions); {
		last := i
		for last+1 < len(actions) && blankBetween(data, actions[last].to, actions[last+1].from) {
			last++
		}
		from, to := actions[i].from, actions[last].to
		if beginsLine(data, from) && blankBetween(data, to, lineEnd(data, to)) {
			fill(masked, from, to, '#')
		}
		i = last + 1
	}
	return masked, actions
}

// fill overwrites a part of the text but its line breaks.
func fill(data []byte, from, to int, c byte) {
	for i := from; i < to; i++ {
		if data[i] != '\n' && data[i] != '\r' {
			data[i] = c
		}
	}
}

// actionEnd is the offset after the action that begins at an offset. Quotes
// and comments in it may hold braces.
func actionEnd(data []byte, from int) int {
	at := from + 2
	if rest := bytes.TrimLeft(data[at:], "- \t\r\n"); bytes.HasPrefix(rest, []byte("/*")) {
		if i := bytes.Index(data[at:], []byte("*/")); i >= 0 {
			at += i + 2
		}
	}
	for at < len(data) {
		switch c := data[at]; {
		case bytes.HasPrefix(data[at:], []byte("}}")):
			return at + 2
		case c == '"' || c == '`' || c == '\'':
			at = stringEnd(data, at)
		default:
			at++
		}
	}
	return len(data)
}

// stringEnd is the offset after a quoted text of an action.
func stringEnd(data []byte, at int) int {
	quote := data[at]
	for at++; at < len(data) && data[at] != quote; at++ {
		if data[at] == '\\' && quote != '`' {
			at++
		}
	}
	return min(at+1, len(data))
}

// branches tells which part of a template's ifs and loops an offset is in: what
// stands in one branch is printed together.
type branches []branch

type branch struct{ from, number int }

// findBranches follows the control actions of a template.
func findBranches(data []byte, actions []region) branches {
	var found branches
	open, next := []int{0}, 1
	for _, a := range actions {
		word, _, _ := bytes.Cut(bytes.TrimLeft(data[a.from+2:a.to], "- \t\r\n"), []byte(" "))
		switch string(bytes.TrimRight(word, "-}\r\n\t")) {
		case "if", "with", "range", "define", "block":
			open, next = append(open, next), next+1
		case "else":
			open[len(open)-1], next = next, next+1
		case "end":
			if len(open) > 1 {
				open = open[:len(open)-1]
			}
		default:
			continue
		}
		found = append(found, branch{a.to, open[len(open)-1]})
	}
	return found
}

// at is the number of the branch that an offset is in.
func (b branches) at(offset int) int {
	i := sort.Search(len(b), func(i int) bool { return b[i].from > offset })
	if i == 0 {
		return 0
	}
	return b[i-1].number
}
