package dockerfile

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/foilsec/foil/internal/fix/linediff"
	"github.com/foilsec/foil/internal/lang"
)

// splice replaces a part of a file.
type splice struct {
	start, end int
	text       string
}

func apply(before []byte, splices []splice) []byte {
	var out []byte
	at := 0
	for _, s := range splices {
		out = append(append(out, before[at:s.start]...), s.text...)
		at = s.end
	}
	return append(out, before[at:]...)
}

func regions(splices []splice) []linediff.Region {
	list := make([]linediff.Region, len(splices))
	for i, s := range splices {
		list[i] = linediff.Region{Start: s.start, End: s.end, Length: len(s.text)}
	}
	return list
}

func inOrder(splices []splice) {
	slices.SortFunc(splices, func(a, b splice) int { return cmp.Compare(a.start, b.start) })
}

// lineStart is where a line begins, counted from 1; the end of the file for one
// that is not there.
func lineStart(text []byte, line int) int {
	at := 0
	for range line - 1 {
		next := bytes.IndexByte(text[at:], '\n')
		if next < 0 {
			return len(text)
		}
		at += next + 1
	}
	return at
}

// lineBreak is how a file ends its lines.
func lineBreak(text []byte) string {
	if at := bytes.IndexByte(text, '\n'); at > 0 && text[at-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

func say(en, zh string, args ...any) lang.Text {
	return lang.Text{EN: fmt.Sprintf(en, args...), ZH: fmt.Sprintf(zh, args...)}
}
