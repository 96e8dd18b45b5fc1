package markdown

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/foilsec/foil/internal/report/text"
)

// longest is how much of one text is shown, in characters. Names are shorter
// and sentences mostly are; a field value can be of any length.
const longest = 400

// clip makes a text one harmless line of limited length.
func clip(s string) string {
	s = text.Clean(s)
	if len(s) <= longest {
		return s
	}
	end := longest
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

// inert breaks everything that would become markup, a link, a reference or a
// mention. An empty comment behind @ and # separates them from the name that
// GitHub would look for after its own reading of Markdown.
var inert = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "$", `\$`, "!", `\!`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "@", "@<!-- -->", "#", `\#<!-- -->`,
	"://", `\://`, "www.", `www\.`, "WWW.", `WWW\.`,
)

// escape is a text as Markdown shows it unchanged, also where it begins a line
// or an item of a list.
func escape(s string) string {
	s = inert.Replace(strings.TrimSpace(clip(s)))
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if digits < len(s) && (digits > 0 && strings.ContainsRune(".)", rune(s[digits])) || digits == 0 && strings.ContainsRune("-+=", rune(s[0]))) {
		return s[:digits] + `\` + s[digits:]
	}
	return s
}

// inHTML is a text inside of an HTML block, where Markdown has no meaning.
func inHTML(s string) string {
	return strings.NewReplacer("@", "@<!-- -->", "#", "#<!-- -->").Replace(html.EscapeString(clip(s)))
}

// code is a text in a code span, where nothing has a meaning but backquotes.
func code(s string) string {
	s = clip(s)
	if s == "" {
		return ""
	}
	marks := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.TrimSpace(s) != s {
		return marks + " " + s + " " + marks
	}
	return marks + s + marks
}

// cellCode is code in a table, whose cells end at bars even inside of code.
func cellCode(s string) string { return strings.ReplaceAll(code(s), "|", `\|`) }

// fence is a block of code.
func fence(language, s string) string {
	s = text.Clean(s)
	marks := strings.Repeat("`", max(3, longestRun(s)+1))
	return marks + language + "\n" + s + "\n" + marks + "\n\n"
}

func longestRun(s string) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return longest
}

func row(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

func repeat(s string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = s
	}
	return all
}

func number(n int) string { return strconv.Itoa(n) }
