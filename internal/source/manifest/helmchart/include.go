package helmchart

import (
	"slices"
	"strings"
)

// addValue adds what an action printed. Where it holds the text of a template
// that was included before, indented or not, that text keeps its own places;
// the rest comes from the action.
func (t *tracer) addValue(into *printed, text string, place int) {
	lines := linesOf(text)
	for i := len(t.recent) - 1; i >= 0; i-- {
		included := t.recent[i]
		if at := findLines(lines, included.lines); at >= 0 {
			t.addIncluded(into, text, place, lines[at:at+len(included.lines)], included)
			return
		}
	}
	into.add(text, place, 0)
}

// line is the content of one line: without the white space around it, and with
// the place where it begins in the text. Empty lines are left out.
type line struct {
	at      int
	content string
}

func linesOf(text string) []line {
	var all []line
	at := 0
	for l := range strings.Lines(text) {
		if content := strings.TrimSpace(l); content != "" {
			all = append(all, line{at: at + strings.Index(l, content), content: content})
		}
		at += len(l)
	}
	return all
}

// findLines finds the first place where the inner lines follow each other in
// the outer ones; -1 if nowhere, or if it takes too long to tell, as with
// texts that repeat one line over and over.
func findLines(outer, inner []line) int {
	if len(inner) == 0 {
		return -1
	}
	patience := 256 + 16*len(outer)
	for at := range len(outer) - len(inner) + 1 {
		same := 0
		for same < len(inner) && outer[at+same].content == inner[same].content {
			same++
		}
		if same == len(inner) {
			return at
		}
		if patience -= same; patience < 0 {
			return -1
		}
	}
	return -1
}

// addIncluded adds a text of which some lines are those of an included text.
func (t *tracer) addIncluded(into *printed, text string, place int, lines []line, included *printed) {
	done := 0
	for i, l := range lines {
		into.add(text[done:l.at], place, 0)
		into.copy(included, included.lines[i].at, len(l.content))
		done = l.at + len(l.content)
	}
	into.add(text[done:], place, 0)
}

// copy adds a part of another text with its places.
func (p *printed) copy(from *printed, at, length int) {
	text := from.text.String()
	for end := at + length; at < end; {
		i := from.segmentAt(at)
		stop := end
		if i+1 < len(from.segments) {
			stop = min(stop, from.segments[i+1].at)
		}
		s := from.segments[i]
		p.add(text[at:stop], s.place, s.skip+at-s.at)
		at = stop
	}
}

// segmentAt is the number of the segment that holds a byte.
func (p *printed) segmentAt(at int) int {
	i, found := slices.BinarySearchFunc(p.segments, at, func(s segment, at int) int { return s.at - at })
	if !found {
		i--
	}
	return i
}
