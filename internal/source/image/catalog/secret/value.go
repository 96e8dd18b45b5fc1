package secret

import (
	"math"
	"strings"
)

// isPlaceholder recognises what stands in examples and templates in the place
// of a value.
func isPlaceholder(value string) bool {
	lower := strings.ToLower(strings.TrimSpace(value))
	if len(lower) == 0 || strings.ContainsAny(lower[:1], "<{$%[(*#@") || strings.Contains(lower, "${") || strings.Contains(lower, "{{") || strings.Contains(lower, "$(") {
		return true
	}
	for _, word := range [...]string{
		"example", "changeme", "change_me", "change-me", "placeholder", "your-", "your_", "yourpassword", "insert", "xxxx", "dummy", "sample", "redacted",
		"todo", "secretkey", "notasecret", "not-a-secret", "test1234", "12345678", "abcdefgh", "00000000", "11111111", "........", "----", "****",
	} {
		if strings.Contains(lower, word) {
			return true
		}
	}
	switch lower {
	case "password", "secret", "passwd", "token", "none", "null", "nil", "true", "false", "test", "admin", "root", "default", "empty", "undefined", "unset":
		return true
	}
	return false
}

// entropy is the information in a text, in bits for each character.
func entropy(text string) float64 {
	var counts [256]int
	for i := range len(text) {
		counts[text[i]]++
	}
	bits := 0.0
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(text))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

// looksRandom tells generated values from words and counted-up ones.
func looksRandom(value string) bool { return entropy(value) >= 3 && !isPlaceholder(value) }

// lineOf is the number of the line that a place in a text is on.
func lineOf(text string, at int) int { return 1 + strings.Count(text[:at], "\n") }
