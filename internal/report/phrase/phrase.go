// Package phrase holds the words that writers of reports add to what rules and
// findings say: labels, headings and the sentences around counts and names, in
// every language.
//
// Writers name a phrase by its [Key]. The package formats and nothing else.
package phrase

import (
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/lang"
)

// Key names a phrase.
type Key int

// In is the phrase in a language, with its arguments.
func (k Key) In(l lang.Language, arguments ...any) string {
	text := texts[k].In(l)
	if len(arguments) == 0 {
		return text
	}
	return fmt.Sprintf(text, arguments...)
}

// Count is a countable phrase with its number: "1 finding", "3 findings",
// "3 个发现".
func (k Key) Count(l lang.Language, n int) string {
	one, many, ok := strings.Cut(texts[k].In(l), "|")
	if !ok || n == 1 {
		many = one
	}
	return fmt.Sprintf(many, n)
}

// Severity is the name of a severity for people.
func Severity(l lang.Language, name string) string { return named(l, "severity", name) }

// State is the name of the state of a finding.
func State(l lang.Language, name string) string { return named(l, "state", name) }

// Status is the name of the status of a control of a framework.
func Status(l lang.Language, name string) string { return named(l, "status", name) }

// Target is the name of a kind of target.
func Target(l lang.Language, name string) string { return named(l, "target", name) }

// named looks up a value of the model; one that is not known is shown as it is.
func named(l lang.Language, group, name string) string {
	if text, ok := names[group+"/"+name]; ok {
		return text.In(l)
	}
	return name
}
