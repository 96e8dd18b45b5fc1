package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Width is the number of terminal columns of a clean string: two for wide
// East Asian characters, none for combining marks, one for all others.
func Width(s string) int {
	columns := 0
	for _, r := range s {
		columns += runeWidth(r)
	}
	return columns
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case isWide(r):
		return 2
	}
	return 1
}

func isWide(r rune) bool {
	if r < 0x1100 {
		return false
	}
	kind := width.LookupRune(r).Kind()
	return kind == width.EastAsianWide || kind == width.EastAsianFullwidth
}

// Pad fills a string with spaces up to a number of columns.
func Pad(s string, columns int) string {
	if missing := columns - Width(s); missing > 0 {
		return s + strings.Repeat(" ", missing)
	}
	return s
}

// Wrap breaks a clean string into lines of at most the given columns: at
// spaces, between wide characters (but not before a closing mark or after an
// opening one), and inside a word only when it does not fit on a line alone.
// It gives at least one line.
func Wrap(s string, columns int) []string {
	columns = max(columns, 2)
	var lines []string
	var line strings.Builder
	used := 0
	flush := func() {
		lines = append(lines, line.String())
		line.Reset()
		used = 0
	}
	for _, p := range pieces(s) {
		gap := 0
		if p.spaced && line.Len() > 0 {
			gap = 1
		}
		w := Width(p.text)
		if line.Len() > 0 && used+gap+w > columns {
			flush()
			gap = 0
		}
		for w > columns {
			head, tail := split(p.text, columns)
			lines = append(lines, head)
			p.text, w = tail, Width(tail)
		}
		line.WriteString(strings.Repeat(" ", gap))
		line.WriteString(p.text)
		used += gap + w
	}
	if line.Len() > 0 || len(lines) == 0 {
		flush()
	}
	return lines
}

// piece is a part of a text that stays on one line.
type piece struct {
	text   string
	spaced bool // a space stands before it
}

const (
	closingMarks = "，。；：、！？）》」』】〉〕”’…"
	openingMarks = "（《「『【〈〔“‘"
)

func pieces(s string) []piece {
	var all []piece
	for _, word := range strings.Fields(s) {
		spaced, start, glued := true, 0, false
		previous := rune(0)
		for i, r := range word {
			breakable := i > 0 && !glued && (isWide(r) || isWide(previous)) && !strings.ContainsRune(closingMarks, r)
			if breakable {
				all = append(all, piece{word[start:i], spaced})
				start, spaced = i, false
			}
			glued = strings.ContainsRune(openingMarks, r)
			previous = r
		}
		all = append(all, piece{word[start:], spaced})
	}
	return all
}

// split cuts a word that is wider than a line, behind a separator when one
// stands in the second half of what fits.
func split(word string, columns int) (head, tail string) {
	used, cut, separator := 0, 0, 0
	for i, r := range word {
		if used+runeWidth(r) > columns {
			cut = i
			break
		}
		used += runeWidth(r)
		if strings.ContainsRune("/.,:;=&-_", r) && used > columns/2 {
			separator = i + 1
		}
	}
	if separator > 0 {
		cut = separator
	}
	return word[:cut], word[cut:]
}
