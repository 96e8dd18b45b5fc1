package linediff

import (
	"bytes"
	"sort"
)

// Change is a text before and after edits.
type Change struct {
	Before, After []byte
	// origin gives each line after the number of the line before that it is,
	// -1 if it is none of them.
	origin []int
}

// Region is a part of a text that was replaced by Length bytes.
type Region struct{ Start, End, Length int }

// New is a text without edits.
func New(text []byte) *Change {
	c := &Change{Before: text, After: text}
	for i := range lineStarts(text) {
		c.origin = append(c.origin, i)
	}
	return c
}

// Created is a text that was not there before.
func Created(text []byte) *Change {
	c := &Change{After: text}
	for range lineStarts(text) {
		c.origin = append(c.origin, -1)
	}
	return c
}

// Replace gives the text after further edits, and the regions of the text so
// far that they replaced, in order and without overlaps.
func (c *Change) Replace(after []byte, regions []Region) {
	old, now := lineStarts(c.After), lineStarts(after)
	origin := make([]int, 0, len(now))
	kept, shift := 0, 0 // lines of the old text dealt with; bytes that the text grew
	for i := 0; i < len(regions); {
		from := lineOf(c.After, old, regions[i].Start)
		newFrom := lineOf(after, now, regions[i].Start+shift)
		to := from
		for ; i < len(regions) && lineOf(c.After, old, regions[i].Start) <= to; i++ {
			shift += regions[i].Length - (regions[i].End - regions[i].Start)
			to = max(to, lineOf(c.After, old, regions[i].End))
		}
		end := len(c.After)
		if to+1 < len(old) {
			end = old[to+1]
		}
		newTo := len(now)
		if end+shift < len(after) {
			newTo = lineOf(after, now, end+shift)
		}
		origin = append(origin, c.origin[kept:min(from, len(c.origin))]...)
		origin = append(origin, c.match(old, now, after, span{from, min(to+1, len(old))}, span{newFrom, newTo})...)
		kept = to + 1
	}
	if kept < len(c.origin) {
		origin = append(origin, c.origin[kept:]...)
	}
	c.After, c.origin = after, origin
}

// span is lines from one number to before another one.
type span struct{ from, to int }

// match gives new lines their origins: those that a region keeps stay what they
// are.
func (c *Change) match(old, now []int, after []byte, was, is span) []int {
	origin := make([]int, max(is.to-is.from, 0))
	for i := range origin {
		origin[i] = -1
	}
	first := is.from
	same := func(i, j int) bool { return bytes.Equal(lineAt(c.After, old, i), lineAt(after, now, j)) }
	for was.from < was.to && is.from < is.to && same(was.from, is.from) {
		origin[is.from-first] = c.origin[was.from]
		was.from, is.from = was.from+1, is.from+1
	}
	for was.from < was.to && is.from < is.to && same(was.to-1, is.to-1) {
		was.to, is.to = was.to-1, is.to-1
		origin[is.to-first] = c.origin[was.to]
	}
	for _, pair := range longest(was, is, same) {
		origin[pair[1]-first] = c.origin[pair[0]]
	}
	return origin
}

// maxCompared bounds the work of comparing the lines of one region.
const maxCompared = 250_000

// longest is the longest common subsequence of the lines of two regions, as
// pairs of line numbers; nothing for regions that are too large to compare.
func longest(was, is span, same func(i, j int) bool) [][2]int {
	n, m := was.to-was.from, is.to-is.from
	if n <= 0 || m <= 0 || n*m > maxCompared {
		return nil
	}
	length := make([][]int, n+1)
	for i := range length {
		length[i] = make([]int, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if same(was.from+i, is.from+j) {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case same(was.from+i, is.from+j):
			pairs = append(pairs, [2]int{was.from + i, is.from + j})
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// lineStarts is where each line of a text begins.
func lineStarts(text []byte) []int {
	var starts []int
	for at := 0; at < len(text); {
		starts = append(starts, at)
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return starts
}

// lineOf is the number of the line that an offset is in. After the line break of
// the last line another one would begin.
func lineOf(text []byte, starts []int, offset int) int {
	if offset >= len(text) && (len(text) == 0 || text[len(text)-1] == '\n') {
		return len(starts)
	}
	return sort.SearchInts(starts, offset+1) - 1
}

func lineAt(text []byte, starts []int, i int) []byte {
	if i+1 < len(starts) {
		return text[starts[i]:starts[i+1]]
	}
	return text[starts[i]:]
}
