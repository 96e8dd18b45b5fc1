package verify

import "strings"

// plain is an error as the middle of a sentence: one line, no full stop.
func plain(err error) string {
	if err == nil {
		return ""
	}
	lines := strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' })
	return strings.TrimRight(strings.Join(lines, ": "), ". ")
}
