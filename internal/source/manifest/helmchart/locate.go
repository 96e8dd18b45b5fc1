package helmchart

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/foilsec/foil/internal/graph"
)

// longLine is the length from which on columns within a line are not told
// apart: counting characters for each field of such a line takes too long, and
// nobody looks there.
const longLine = 4096

// locator finds the place in the templates of each place in a rendered text.
type locator struct {
	rendering *rendering
	trace     *printed
	lines     []int // where the lines of the rendered text begin
	text      string
	// moved gives each line of the rendered text the line of the traced text
	// that it equals; nil when both are the same.
	moved []int
	// traced is where the lines of the traced text begin, if it differs.
	traced []int
	file   string // the template file, where nothing better is known
}

func (r *rendering) locator(name, file string) *locator {
	l := &locator{rendering: r, trace: r.trace.files[name], text: r.texts[name], file: file}
	l.lines = lineStarts(l.text)
	if l.trace != nil && l.trace.text.String() != l.text {
		l.align()
	}
	return l
}

// align is for charts whose traced run printed something else than the plain
// one: lines that are equal are matched in order, those between are counted on
// from the equal line before them.
func (l *locator) align() {
	traced := l.trace.text.String()
	l.traced = lineStarts(traced)
	known := make(map[string][]int)
	for i := range l.traced {
		content := strings.TrimSpace(lineAt(traced, l.traced, i))
		known[content] = append(known[content], i)
	}
	l.moved = make([]int, len(l.lines))
	last, since := 0, 0
	for i := range l.lines {
		candidates := known[strings.TrimSpace(lineAt(l.text, l.lines, i))]
		if j := sort.SearchInts(candidates, last); j < len(candidates) {
			last, since = candidates[j], 0
		} else {
			since++
		}
		l.moved[i] = min(last+since, len(l.traced)-1)
	}
}

// position maps a position of the rendered text.
func (l *locator) position(at graph.Position) graph.Position {
	line := min(max(at.Line, 1), len(l.lines)) - 1
	if l.trace == nil || len(l.trace.segments) == 0 {
		return graph.Position{File: l.file, Line: 1}
	}
	if l.moved != nil {
		text := lineAt(l.trace.text.String(), l.traced, l.moved[line])
		indent := len(text) - len(strings.TrimLeft(text, " \t"))
		return l.source(l.traced[l.moved[line]] + indent)
	}
	return l.source(l.lines[line] + columnOffset(lineAt(l.text, l.lines, line), at.Column))
}

// source is the place in the templates of a byte of the traced text.
func (l *locator) source(offset int) graph.Position {
	offset = min(offset, l.trace.text.Len()-1)
	i := l.trace.segmentAt(offset)
	s := l.trace.segments[i]
	p := &l.rendering.trace.places[s.place]
	at := graph.Position{File: l.rendering.loaded.files[p.file].Path, Line: p.line}
	if !p.exact {
		return at
	}
	if p.lines == nil {
		p.lines = lineStarts(p.text)
	}
	within := min(s.skip+offset-s.at, len(p.text))
	line := sort.SearchInts(p.lines, within+1) - 1
	at.Line += line
	if within-p.lines[line] > longLine {
		return at
	}
	at.Column = 1 + utf8.RuneCountInString(p.text[p.lines[line]:within])
	if line == 0 {
		at.Column += p.column - 1
	}
	return at
}

func lineStarts(text string) []int {
	starts := []int{0}
	for i := range len(text) {
		if text[i] == '\n' && i+1 < len(text) {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func lineAt(text string, starts []int, i int) string {
	if i+1 < len(starts) {
		return text[starts[i]:starts[i+1]]
	}
	return text[starts[i]:]
}

// columnOffset is the number of bytes before a column, which counts
// characters from 1.
func columnOffset(line string, column int) int {
	if len(line) > longLine {
		return 0
	}
	offset := 0
	for range column - 1 {
		if offset >= len(line) {
			break
		}
		_, size := utf8.DecodeRuneInString(line[offset:])
		offset += size
	}
	return offset
}
