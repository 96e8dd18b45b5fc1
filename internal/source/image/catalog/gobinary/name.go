package gobinary

import "strings"

// Split cuts the name that the linker gives to a function into the path of its
// package, still escaped, and its name as the Go vulnerability database writes
// it: "Parse", "Decoder.Decode". Names that the compiler makes up have no
// package.
func Split(name string) (path, function string) {
	name = withoutTypes(name)
	for _, made := range []string{"go:", "type:", "type.."} {
		if strings.HasPrefix(name, made) {
			return "", ""
		}
	}
	slash := strings.LastIndexByte(name, '/') + 1
	dot := strings.IndexByte(name[slash:], '.')
	if dot < 0 || slash+dot == 0 {
		return "", ""
	}
	path, function = name[:slash+dot], name[slash+dot+1:]
	return path, strings.TrimSuffix(withoutPointer(function), "-fm")
}

// withoutTypes removes the arguments of type parameters, which may hold others
// and the paths of packages: "slices.Sort[go.shape.[]x/y.T]".
func withoutTypes(name string) string {
	if !strings.Contains(name, "[") {
		return name
	}
	var out strings.Builder
	depth := 0
	for i := range len(name) {
		switch c := name[i]; {
		case c == '[':
			depth++
		case c == ']' && depth > 0:
			depth--
		case depth == 0:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// withoutPointer writes "(*Decoder).Decode" as "Decoder.Decode".
func withoutPointer(function string) string {
	rest, found := strings.CutPrefix(function, "(*")
	if !found {
		return function
	}
	receiver, method, closed := strings.Cut(rest, ")")
	if !closed {
		return function
	}
	return receiver + method
}

// Enclosing is the function that a closure, or another piece that the compiler
// cut out, stands in: "Parse" for "Parse.func1.2", "Parse.gowrap1" and
// "Parse-range1". A function that is none comes back.
func Enclosing(function string) string {
	parts := strings.Split(function, ".")
	for i := 1; i < len(parts); i++ {
		if isPiece(parts[i]) {
			parts = parts[:i]
			break
		}
	}
	last := len(parts) - 1
	for {
		head, piece, found := cutLast(parts[last], '-')
		if !found || !strings.HasPrefix(piece, "range") {
			break
		}
		parts[last] = head
	}
	return withoutPointer(strings.Join(parts, "."))
}

func cutLast(text string, separator byte) (before, after string, found bool) {
	if at := strings.LastIndexByte(text, separator); at >= 0 {
		return text[:at], text[at+1:], true
	}
	return text, "", false
}

// isPiece recognises func1, gowrap2, deferwrap3 and bare numbers. Somebody may
// call a method so: its own name counts as well as what this makes of it.
func isPiece(part string) bool {
	part, _, _ = strings.Cut(part, "-")
	for _, kind := range []string{"func", "gowrap", "deferwrap"} {
		if rest, found := strings.CutPrefix(part, kind); found && isNumber(rest) {
			return true
		}
	}
	return isNumber(part)
}

func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
