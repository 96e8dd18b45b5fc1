package dockerfile

import (
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// logical is an instruction as one line, put together from those of the file.
type logical struct {
	text  string
	parts []part
	end   int // the last line that belongs to it
	docs  []heredoc
}

// part is where text from one line of the file begins.
type part struct{ offset, line, column int }

// position is where a byte of the text stands in the file.
func (l *logical) position(offset int) graph.Position {
	at := l.parts[0]
	for _, p := range l.parts {
		if p.offset > offset {
			break
		}
		at = p
	}
	return graph.Position{Line: at.line, Column: at.column + offset - at.offset}
}

// size is how much text an instruction has.
func (l *logical) size() int {
	size := len(l.text)
	for _, d := range l.docs {
		size += len(d.text)
	}
	return size
}

// heredoc is text that is given to an instruction as a file.
type heredoc struct {
	name, text string
	line       int // of the first line of the text
	open       bool
}

// lines reads logical lines.
type lines struct {
	list   []string
	next   int
	escape byte
}

func newLines(text string) *lines {
	text = strings.TrimPrefix(text, "\ufeff")
	l := &lines{list: strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), escape: '\\'}
	l.directives()
	return l
}

// directives reads the comments at the top that say how to read the rest.
func (l *lines) directives() {
	for ; l.next < len(l.list); l.next++ {
		comment, found := strings.CutPrefix(strings.TrimSpace(l.list[l.next]), "#")
		name, value, assigned := strings.Cut(comment, "=")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case !found || !assigned:
			return
		case name == "escape" && (value == "`" || value == `\`):
			l.escape = value[0]
		case name != "syntax" && name != "check":
			return
		}
	}
}

// read gives the next instruction.
func (l *lines) read() (*logical, bool) {
	for l.next < len(l.list) && isSkipped(l.list[l.next]) {
		l.next++
	}
	if l.next >= len(l.list) {
		return nil, false
	}
	var one logical
	var text strings.Builder
	for first := true; l.next < len(l.list); l.next++ {
		line := l.list[l.next]
		if !first && isSkipped(line) {
			continue
		}
		column := 1
		if first {
			bare := strings.TrimLeft(line, " \t")
			column, line = 1+len(line)-len(bare), bare
		}
		first = false
		one.parts = append(one.parts, part{text.Len(), l.next + 1, column})
		one.end = l.next + 1
		rest, continued := l.continued(line)
		text.WriteString(rest)
		if !continued {
			l.next++
			break
		}
	}
	one.text = strings.TrimRight(text.String(), " \t")
	l.documents(&one)
	return &one, true
}

// isSkipped reports whether a line is none of an instruction, within one too.
func isSkipped(line string) bool {
	bare := strings.TrimSpace(line)
	return bare == "" || bare[0] == '#'
}

// continued takes the mark off a line that goes on in the next one.
func (l *lines) continued(line string) (string, bool) {
	bare := strings.TrimRight(line, " \t")
	if bare == "" || bare[len(bare)-1] != l.escape {
		return line, false
	}
	return bare[:len(bare)-1], true
}

// documents reads the here-documents that an instruction opens.
func (l *lines) documents(one *logical) {
	keyword, _, _ := strings.Cut(one.text, " ")
	switch strings.ToUpper(keyword) {
	case "RUN", "COPY", "ADD", "ONBUILD":
	default:
		return
	}
	for _, mark := range heredocMarks(one.text) {
		doc := heredoc{name: mark.name, line: l.next + 1, open: true}
		var text strings.Builder
		for ; l.next < len(l.list) && doc.open; l.next++ {
			line := l.list[l.next]
			if mark.tabs {
				line = strings.TrimLeft(line, "\t")
			}
			one.end = l.next + 1
			if line == mark.name {
				doc.open = false
				continue
			}
			text.WriteString(line + "\n")
		}
		doc.text = text.String()
		one.docs = append(one.docs, doc)
	}
}

type heredocMark struct {
	name string
	tabs bool // tabs before the lines don't count
}

// maxHeredocs bounds how many here-documents one instruction opens.
const maxHeredocs = 100

// heredocMarks lists the here-documents that a line opens: "<<EOF", "<<-EOF" and
// "<<'EOF'", outside of quotes.
func heredocMarks(text string) []heredocMark {
	var marks []heredocMark
	var quote byte
	for i := 0; i < len(text) && len(marks) < maxHeredocs; i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case strings.HasPrefix(text[i:], "<<<"):
			i += 2
		case strings.HasPrefix(text[i:], "<<"):
			mark, length := heredocName(text[i+2:])
			if mark.name != "" {
				marks = append(marks, mark)
			}
			i += 1 + length
		}
	}
	return marks
}

func heredocName(text string) (mark heredocMark, length int) {
	rest, tabs := strings.CutPrefix(text, "-")
	word := rest
	if end := strings.IndexAny(rest, " \t;&|<>()"); end >= 0 {
		word = rest[:end]
	}
	return heredocMark{strings.Trim(word, `"'`), tabs}, len(text) - len(rest) + len(word)
}
