package exception

import (
	"fmt"
	"regexp"
	"strings"
)

// Pattern selects texts. The zero Pattern selects every text.
type Pattern struct{ expression *regexp.Regexp }

// glob is a pattern of foil itself: * stands for any run of characters but
// slashes, ** for any run at all, ? for one character. An empty glob selects
// every text.
func glob(text string) Pattern { return fromGlob("", text) }

// globFold is a glob that takes upper and lower case for the same.
func globFold(text string) Pattern { return fromGlob("(?i)", text) }

func fromGlob(flags, text string) Pattern {
	if text == "" {
		return Pattern{}
	}
	var b strings.Builder
	for rest := text; rest != ""; {
		step, width := globStep(rest)
		b.WriteString(step)
		rest = rest[width:]
	}
	return Pattern{regexp.MustCompile("(?s)" + flags + "^" + b.String() + "$")}
}

// globStep is the expression for the first part of a glob, and its length.
func globStep(text string) (expression string, width int) {
	switch {
	case strings.HasPrefix(text, "**/"):
		return "(?:.*/)?", 3
	case strings.HasPrefix(text, "**"):
		return ".*", 2
	case text[0] == '*':
		return "[^/]*", 1
	case text[0] == '?':
		return "[^/]", 1
	}
	end := strings.IndexAny(text, "*?")
	if end < 0 {
		end = len(text)
	}
	return regexp.QuoteMeta(text[:end]), end
}

// expression is a pattern of Kubescape: a regular expression that covers the
// whole text. An empty one selects every text.
func expression(flags, text string) (Pattern, error) {
	if text == "" {
		return Pattern{}, nil
	}
	compiled, err := regexp.Compile(flags + "^(?:" + text + ")$")
	if err != nil {
		return Pattern{}, fmt.Errorf("%q is no regular expression: %w", text, err)
	}
	return Pattern{compiled}, nil
}

// any reports whether the pattern selects every text because it is empty.
func (p Pattern) any() bool { return p.expression == nil }

func (p Pattern) matches(text string) bool { return p.any() || p.expression.MatchString(text) }
