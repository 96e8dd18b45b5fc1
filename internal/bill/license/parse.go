package license

import "strings"

// most bounds the expressions that are read.
const (
	mostTokens = 1000
	mostDepth  = 50
)

// tokens cuts a text into words and brackets; nil when there are too many.
func tokens(text string) []string {
	var list []string
	for _, word := range strings.Fields(text) {
		for word != "" {
			end := strings.IndexAny(word, "()")
			switch {
			case end < 0:
				end = len(word)
			case end == 0:
				end = 1
			}
			list, word = append(list, word[:end]), word[end:]
			if len(list) > mostTokens {
				return nil
			}
		}
	}
	return list
}

type parser struct {
	tokens []string
	depth  int
}

func (p *parser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

// take consumes the next token if it is that operator.
func (p *parser) take(operator string) bool {
	if !strings.EqualFold(p.next(), operator) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *parser) alternatives() (string, bool) { return p.chain("OR", p.conjunction) }

func (p *parser) conjunction() (string, bool) { return p.chain("AND", p.single) }

func (p *parser) chain(operator string, part func() (string, bool)) (string, bool) {
	text, ok := part()
	for ok && p.take(operator) {
		var more string
		more, ok = part()
		text += " " + operator + " " + more
	}
	return text, ok
}

func (p *parser) single() (string, bool) {
	if p.take("(") {
		if p.depth++; p.depth > mostDepth {
			return "", false
		}
		inner, ok := p.alternatives()
		p.depth--
		return "(" + inner + ")", ok && p.take(")")
	}
	text, ok := identifier(p.next())
	if !ok {
		return "", false
	}
	p.tokens = p.tokens[1:]
	if !p.take("WITH") {
		return text, true
	}
	exception, ok := listed(exceptions, p.next())
	if !ok {
		return "", false
	}
	p.tokens = p.tokens[1:]
	return text + " WITH " + exception, true
}

// identifier is one license: of the list, with or without a plus, or one that
// the document defines.
func identifier(text string) (string, bool) {
	if IsReference(text) {
		return text, true
	}
	if id, ok := ID(text); ok {
		return id, true
	}
	bare, later := strings.CutSuffix(text, "+")
	id, ok := ID(bare)
	return id + "+", ok && later
}

// IsReference reports whether an identifier is one that a document defines.
func IsReference(text string) bool {
	if document, rest, found := strings.Cut(text, ":"); found {
		if name, ok := strings.CutPrefix(document, "DocumentRef-"); !ok || !isName(name) {
			return false
		}
		text = rest
	}
	name, ok := strings.CutPrefix(text, "LicenseRef-")
	return ok && isName(name)
}

func isName(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '.')
	})
}
