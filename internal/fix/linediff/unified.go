package linediff

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// context is how many lines are shown around changed ones.
const context = 3

// Unified writes the diff of a file; nothing if there is none. The name is
// relative to where the diff will be applied.
func (c *Change) Unified(w io.Writer, name string) error {
	out := bufio.NewWriter(w)
	hunks := c.hunks()
	if len(hunks) > 0 {
		header(out, name, c.Before == nil)
	}
	for _, h := range hunks {
		h.write(out)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write diff of %s: %w", name, err)
	}
	return nil
}

func header(out *bufio.Writer, name string, created bool) {
	from, to := quoted("a/"+name), quoted("b/"+name)
	_, _ = fmt.Fprintf(out, "diff --git %s %s\n", from, to)
	// A tab ends names that hold spaces; patch would cut them otherwise.
	end := ""
	if strings.Contains(name, " ") {
		end = "\t"
	}
	if created {
		_, _ = fmt.Fprintf(out, "new file mode 100644\n--- /dev/null\n+++ %s%s\n", to, end)
		return
	}
	_, _ = fmt.Fprintf(out, "--- %s%s\n+++ %s%s\n", from, end, to, end)
}

// quoted writes a name as git does: in quotes when it holds a control
// character, a quote or a backslash.
func quoted(name string) string {
	var b strings.Builder
	plain := true
	for i := range len(name) {
		switch c := name[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
			plain = false
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
			plain = false
		default:
			b.WriteByte(c)
		}
	}
	if plain {
		return name
	}
	return `"` + b.String() + `"`
}

// line is a line of a diff: kept, removed or added.
type line struct {
	mark byte
	text []byte
}

// hunk is changed lines with those around them.
type hunk struct {
	before, after int // number of its first line on either side
	lines         []line
}

// hunks groups the lines of the diff.
func (c *Change) hunks() []hunk {
	lines := c.lines()
	var hunks []hunk
	before, after := 1, 1
	last := -1 // the last line of the current hunk that changed
	start := 0
	for i, l := range lines {
		if l.mark != ' ' {
			if last < 0 || i-last > 2*context {
				if last >= 0 {
					closeHunk(hunks, lines, start, last)
				}
				start = max(i-context, 0)
				back := i - start
				hunks = append(hunks, hunk{before: before - back, after: after - back})
			}
			last = i
		}
		if l.mark != '+' {
			before++
		}
		if l.mark != '-' {
			after++
		}
	}
	if last >= 0 {
		closeHunk(hunks, lines, start, last)
	}
	return hunks
}

func closeHunk(hunks []hunk, lines []line, start, last int) {
	hunks[len(hunks)-1].lines = lines[start:min(last+context+1, len(lines))]
}

// lines is the whole diff without grouping.
func (c *Change) lines() []line {
	old, now := lineStarts(c.Before), lineStarts(c.After)
	var lines []line
	i := 0
	remove := func(to int) {
		for ; i < to; i++ {
			lines = append(lines, line{'-', lineAt(c.Before, old, i)})
		}
	}
	for j, origin := range c.origin {
		if origin < 0 {
			// What is removed before the next kept line goes first.
			remove(c.nextKept(j, len(old)))
			lines = append(lines, line{'+', lineAt(c.After, now, j)})
			continue
		}
		remove(origin)
		lines = append(lines, line{' ', lineAt(c.After, now, j)})
		i = origin + 1
	}
	remove(len(old))
	return lines
}

// nextKept is the line before that the first kept line from j on was.
func (c *Change) nextKept(j, otherwise int) int {
	for ; j < len(c.origin); j++ {
		if c.origin[j] >= 0 {
			return c.origin[j]
		}
	}
	return otherwise
}

func (h *hunk) write(out *bufio.Writer) {
	before, after := 0, 0
	for _, l := range h.lines {
		if l.mark != '+' {
			before++
		}
		if l.mark != '-' {
			after++
		}
	}
	_, _ = fmt.Fprintf(out, "@@ -%s +%s @@\n", extent(h.before, before), extent(h.after, after))
	for _, l := range h.lines {
		_ = out.WriteByte(l.mark)
		_, _ = out.Write(l.text)
		if len(l.text) == 0 || l.text[len(l.text)-1] != '\n' {
			_, _ = out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// extent is the position of a hunk on one side; one without lines stands after
// the line before it.
func extent(first, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", first-1)
	case 1:
		return fmt.Sprintf("%d", first)
	}
	return fmt.Sprintf("%d,%d", first, count)
}
