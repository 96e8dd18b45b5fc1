package yamldoc

import "github.com/foilsec/foil/internal/graph"

// block reads the map or list that begins at the place where reading goes on.
func (r *fastReader) block(name string, at graph.Position, indent, depth int) bool {
	if r.isDash(r.at) {
		return r.sequence(name, at, indent, depth)
	}
	return r.mapping(name, at, indent, depth)
}

// mapping reads a map whose keys stand at an indentation, up to the line that
// belongs to it no more.
func (r *fastReader) mapping(name string, at graph.Position, indent, depth int) bool {
	if !r.spend(depth) {
		return false
	}
	r.builder.OpenMap(name, at)
	first := len(r.keys)
	for {
		key, after, ok := r.key(r.at)
		if !ok || !r.addKey(key, first) || !r.field(key, r.position(r.at), after, indent, depth) {
			return false
		}
		if r.indent > indent {
			return false
		}
		if r.indent < indent {
			r.builder.Close()
			r.keys = r.keys[:first]
			return true
		}
	}
}

// addKey notes the name of a field, unless the map has it already.
func (r *fastReader) addKey(key string, first int) bool {
	const most = 64 // comparing more of them is slower than the library
	if len(r.keys)-first >= most {
		return false
	}
	for _, other := range r.keys[first:] {
		if other == key {
			return false
		}
	}
	r.keys = append(r.keys, key)
	return true
}

// field reads the value of a field: on the line of its key, or below it.
func (r *fastReader) field(key string, at graph.Position, after, indent, depth int) bool {
	if !r.restIsBlank(after) {
		return r.inline(key, at, r.spaces(after), indent, depth+1)
	}
	if !r.nextFrom(r.lineEnd(after) + 1) {
		return false
	}
	switch {
	case r.indent > indent:
		return r.block(key, at, r.indent, depth+1)
	case r.indent == indent && r.isDash(r.at):
		return r.sequence(key, at, indent, depth+1)
	}
	if !r.spend(depth + 1) {
		return false
	}
	r.builder.Null(key, at)
	return true
}

// sequence reads a list whose dashes stand at an indentation.
func (r *fastReader) sequence(name string, at graph.Position, indent, depth int) bool {
	if !r.spend(depth) {
		return false
	}
	r.builder.OpenList(name, at)
	for {
		if !r.element(indent, depth+1) || r.indent > indent {
			return false
		}
		if r.indent < indent || !r.isDash(r.at) {
			r.builder.Close()
			return true
		}
	}
}

// element reads what follows a dash.
func (r *fastReader) element(indent, depth int) bool {
	if r.restIsBlank(r.at + 1) {
		if !r.nextFrom(r.lineEnd(r.at)+1) || r.indent <= indent {
			return false
		}
		return r.block("", r.position(r.at), r.indent, depth)
	}
	content := r.spaces(r.at + 1)
	if r.isDash(content) {
		return false
	}
	if _, _, isMap := r.key(content); isMap {
		r.at = content
		return r.mapping("", r.position(content), content-r.start, depth)
	}
	return r.inline("", r.position(content), content, indent, depth)
}

// inline reads a value that stands behind its key or dash, and goes to the
// next line with content. Deeper lines would belong to the value: those it
// leaves.
func (r *fastReader) inline(name string, at graph.Position, from, indent, depth int) bool {
	var end int
	var ok bool
	switch r.text[from] {
	case '|':
		return r.spend(depth) && r.literal(name, at, from, indent)
	case '{', '[':
		end, ok = r.flow(name, at, from, depth)
	default:
		end, ok = r.scalar(name, at, from, depth)
	}
	return ok && r.restIsBlank(end) && r.nextFrom(r.lineEnd(end)+1) && r.indent <= indent
}

func (r *fastReader) scalar(name string, at graph.Position, from, depth int) (end int, ok bool) {
	if !r.spend(depth) {
		return 0, false
	}
	if c := r.text[from]; c == '"' || c == '\'' {
		text, end, ok := r.quoted(from)
		if ok {
			r.builder.String(name, text, at)
		}
		return end, ok
	}
	end, ok = r.plainEnd(from)
	return end, ok && r.plain(name, r.text[from:end], at)
}

// plainEnd finds the end of a plain scalar in a block.
func (r *fastReader) plainEnd(from int) (end int, ok bool) {
	if !r.beginsPlain(from) {
		return 0, false
	}
	end = from
	for i := from; i < len(r.text) && r.text[i] != '\n'; i++ {
		switch r.text[i] {
		case ' ':
			continue
		case '\t':
			return 0, false
		case '#':
			if r.text[i-1] == ' ' {
				return end, true
			}
		case ':':
			if i+1 == len(r.text) || r.text[i+1] == ' ' || r.text[i+1] == '\n' {
				return 0, false
			}
		}
		end = i + 1
	}
	return end, true
}

// beginsPlain reports whether a plain scalar may begin with the character at a
// place, for certain.
func (r *fastReader) beginsPlain(at int) bool {
	switch c := r.text[at]; c {
	case '-':
		return at+1 < len(r.text) && r.text[at+1] != ' ' && r.text[at+1] != '\n' && r.text[at+1] != '\t'
	case ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '?', ':', '=', '<', '\t':
		return false
	}
	return true
}

// plain writes a plain scalar.
func (r *fastReader) plain(name, text string, at graph.Position) bool {
	v := plainScalar(text).asJSON()
	switch v.kind {
	case graph.String:
		if r.json {
			return false
		}
		r.builder.String(name, v.text, at)
	case graph.Int:
		r.builder.Int(name, v.integer, at)
	case graph.Bool:
		r.builder.Bool(name, v.truth, at)
	case graph.Null:
		r.builder.Null(name, at)
	case graph.Float:
		if !isFinite(v.float) {
			return false
		}
		r.builder.Float(name, v.float, at)
	}
	return true
}
