package license

import (
	_ "embed"
	"strings"
)

var (
	//go:embed licenses.txt
	licenses string
	//go:embed exceptions.txt
	exceptions string
)

// ID is the identifier of the SPDX license list that a text is, in the letters
// of the list.
func ID(text string) (id string, ok bool) { return listed(licenses, text) }

func listed(list, text string) (id string, ok bool) {
	for line := range strings.Lines(list) {
		if line = line[:len(line)-1]; strings.EqualFold(line, text) {
			return line, true
		}
	}
	return "", false
}

// Expression is the canonical form of an SPDX license expression, and false for
// a text that is none.
func Expression(text string) (canonical string, ok bool) {
	p := parser{tokens: tokens(text)}
	canonical, ok = p.alternatives()
	return canonical, ok && len(p.tokens) == 0
}

// Compound reports whether a canonical expression is more than one identifier.
func Compound(expression string) bool { return strings.ContainsAny(expression, " ()") }

// Conjunction joins expressions with AND, so that Conjuncts takes them apart
// again.
func Conjunction(expressions []string) string {
	parts := make([]string, len(expressions))
	for i, e := range expressions {
		if parts[i] = e; Compound(e) && !isWith(e) {
			parts[i] = "(" + e + ")"
		}
	}
	return strings.Join(parts, " AND ")
}

func isWith(expression string) bool {
	return strings.Contains(expression, " WITH ") && !strings.Contains(expression, " AND ") && !strings.Contains(expression, " OR ")
}

// Conjuncts are the parts of an expression between its outermost ANDs, without
// the brackets around them.
func Conjuncts(expression string) []string {
	var parts []string
	var part []string
	depth, or := 0, false
	for _, token := range tokens(expression) {
		switch {
		case depth == 0 && token == "AND":
			parts, part = append(parts, joined(part)), nil
			continue
		case depth == 0 && token == "OR":
			or = true
		case token == "(":
			depth++
		case token == ")":
			depth--
		}
		part = append(part, token)
	}
	if or { // OR binds less than AND: there is nothing to take apart
		return []string{expression}
	}
	return append(parts, joined(part))
}

func joined(part []string) string {
	if n := len(part); n > 2 && part[0] == "(" && closes(part) == n-1 {
		part = part[1 : n-1]
	}
	text := strings.Join(part, " ")
	return strings.ReplaceAll(strings.ReplaceAll(text, "( ", "("), " )", ")")
}

// closes is where the bracket closes with which the part begins.
func closes(part []string) int {
	depth := 0
	for i, token := range part {
		switch token {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
