// Package lang holds the languages that users read: a text in each of them,
// and the choice between them. It holds no sentences; those stand beside what
// they are about.
package lang

import "strings"

// Language is one of the languages that every user-visible text exists in.
type Language string

// The supported languages.
const (
	English Language = "en"
	Chinese Language = "zh" // Simplified Chinese
)

// Text is one sentence or name in every language.
type Text struct {
	EN string `json:"en" yaml:"en"`
	ZH string `json:"zh" yaml:"zh"`
}

// In is the text in the given language; a missing translation falls back to
// English, so that nothing is ever shown empty.
func (t Text) In(l Language) string {
	if l == Chinese && t.ZH != "" {
		return t.ZH
	}
	return t.EN
}

// Complete reports whether the text exists in every language.
func (t Text) Complete() bool { return t.EN != "" && t.ZH != "" }

// Parse reads a language from a flag or a POSIX locale such as "zh_CN.UTF-8".
// Every locale that is not Chinese is English.
func Parse(locale string) Language {
	if strings.HasPrefix(strings.ToLower(locale), "zh") {
		return Chinese
	}
	return English
}
