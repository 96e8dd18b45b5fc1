package docs

import "strings"

// anything is the line that stands for any number of lines.
const anything = "..."

// matches reports whether lines are what a page shows. Blanks at the end of a
// line don't count.
func matches(shown, lines []string) bool {
	if len(shown) == 0 {
		return len(lines) == 0
	}
	if strings.TrimSpace(shown[0]) == anything {
		for skip := range len(lines) + 1 {
			if matches(shown[1:], lines[skip:]) {
				return true
			}
		}
		return false
	}
	return len(lines) > 0 && same(shown[0], lines[0]) && matches(shown[1:], lines[1:])
}

func same(a, b string) bool { return trimEnd(a) == trimEnd(b) }

func trimEnd(line string) string { return strings.TrimRight(line, " \t\r") }

// renew is what a page should show instead of what it shows: as many lines
// before the first omission, and behind the last, as before.
func renew(shown, lines []string) []string {
	lines = mapTrim(lines)
	first, last := -1, -1
	for i, line := range shown {
		if strings.TrimSpace(line) == anything {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	before, behind := first, len(shown)-1-last
	if first < 0 || before+behind >= len(lines) {
		return lines
	}
	renewed := append([]string{}, lines[:before]...)
	renewed = append(renewed, shown[first])
	return append(renewed, lines[len(lines)-behind:]...)
}

func mapTrim(lines []string) []string {
	trimmed := make([]string, len(lines))
	for i, line := range lines {
		trimmed[i] = trimEnd(line)
	}
	return trimmed
}
