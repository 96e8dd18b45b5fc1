package yamldoc

import (
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// flow reads a map in braces or a list in brackets; end is behind it.
func (r *fastReader) flow(name string, at graph.Position, from, depth int) (end int, ok bool) {
	if !r.spend(depth) {
		return 0, false
	}
	if r.text[from] == '{' {
		return r.flowMap(name, at, from, depth)
	}
	return r.flowList(name, at, from, depth)
}

func (r *fastReader) flowMap(name string, at graph.Position, from, depth int) (end int, ok bool) {
	r.builder.OpenMap(name, at)
	first := len(r.keys)
	end, ok = r.flowItems(from+1, '}', func(from int) (int, bool) { return r.flowField(from, first, depth) })
	r.builder.Close()
	r.keys = r.keys[:first]
	return end, ok
}

func (r *fastReader) flowList(name string, at graph.Position, from, depth int) (end int, ok bool) {
	r.builder.OpenList(name, at)
	end, ok = r.flowItems(from+1, ']', func(from int) (int, bool) { return r.flowValue("", r.position(from), from, depth+1) })
	r.builder.Close()
	return end, ok
}

// flowItems reads items with commas between them up to the closing bracket.
func (r *fastReader) flowItems(at int, closing byte, item func(int) (int, bool)) (end int, ok bool) {
	at = r.flowSpace(at)
	if at < len(r.text) && r.text[at] == closing {
		return at + 1, true
	}
	for at < len(r.text) {
		if at, ok = item(at); !ok {
			return 0, false
		}
		at = r.flowSpace(at)
		switch {
		case at == len(r.text):
			return 0, false
		case r.text[at] == closing:
			return at + 1, true
		case r.text[at] != ',':
			return 0, false
		}
		at = r.flowSpace(at + 1)
	}
	return 0, false
}

// flowSpace goes past white space, which here includes ends of lines. Tabs
// that indent a line are for JSON alone: it stops at others.
func (r *fastReader) flowSpace(at int) int {
	indenting := false
	for ; at < len(r.text); at++ {
		switch r.text[at] {
		case ' ':
		case '\t':
			if indenting && !r.json {
				return at
			}
		case '\n':
			indenting = true
			r.line++
			r.start, r.mark, r.markColumn = at+1, at+1, 1
		default:
			return at
		}
	}
	return at
}

func (r *fastReader) flowField(from, first, depth int) (end int, ok bool) {
	at := r.position(from)
	var name string
	quoted := r.text[from] == '"' || r.text[from] == '\''
	if quoted {
		name, end, ok = r.quoted(from)
	} else {
		for end = from; end < len(r.text) && isNameCharacter(r.text[end]); end++ {
		}
		if end > from && r.text[from] != '-' {
			name, ok = plainName(r.text[from:end])
		}
	}
	const longest = 512
	if !ok || end-from > longest || end+1 >= len(r.text) || r.text[end] != ':' || !r.addKey(name, first) {
		return 0, false
	}
	if next := r.text[end+1]; !quoted && next != ' ' && next != '\n' {
		return 0, false
	}
	end = r.flowSpace(end + 1)
	if end == len(r.text) {
		return 0, false
	}
	return r.flowValue(name, at, end, depth+1)
}

func (r *fastReader) flowValue(name string, at graph.Position, from, depth int) (end int, ok bool) {
	switch r.text[from] {
	case '{', '[':
		return r.flow(name, at, from, depth)
	case '"', '\'':
		text, end, ok := r.quoted(from)
		if !ok || !r.spend(depth) {
			return 0, false
		}
		r.builder.String(name, text, at)
		return end, true
	}
	end, ok = r.flowPlainEnd(from)
	return end, ok && r.spend(depth) && r.plain(name, r.text[from:end], at)
}

// flowPlainEnd finds the end of a plain scalar in a flow collection.
func (r *fastReader) flowPlainEnd(from int) (end int, ok bool) {
	if c := r.text[from]; !isNameCharacter(c) && c != '+' && c != '~' || c == '-' && (from+1 == len(r.text) || !isNameCharacter(r.text[from+1])) {
		return 0, false
	}
	stop := strings.IndexAny(r.text[from:], ",[]{}:?#\n\t\"'")
	if stop < 0 || strings.IndexByte(",]}\n", r.text[from+stop]) < 0 {
		return 0, false
	}
	return from + len(strings.TrimRight(r.text[from:from+stop], " ")), true
}
