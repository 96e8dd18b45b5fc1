package version

import (
	"slices"
	"strings"
)

// finalPart stands for the release itself among the parts of a legacy version.
const finalPart = "*final"

func compareLegacy(a, b string) int {
	return slices.Compare(legacyParts(a), legacyParts(b))
}

// legacyParts makes the parts of a version that can be compared as text:
// numbers are padded, words are marked so that they come before numbers.
func legacyParts(text string) []string {
	var parts []string
	rest := strings.ToLower(text)
	for rest != "" {
		var part string
		part, rest = legacyPart(rest)
		if part != "." {
			parts = appendLegacy(parts, legacyKey(part))
		}
	}
	return appendLegacy(parts, finalPart)
}

// appendLegacy drops what means nothing before a word: zeros, and a hyphen
// before an announcement of the release.
func appendLegacy(parts []string, part string) []string {
	if strings.HasPrefix(part, "*") {
		for part < finalPart && len(parts) > 0 && parts[len(parts)-1] == "*final-" {
			parts = parts[:len(parts)-1]
		}
		for len(parts) > 0 && parts[len(parts)-1] == "00000000" {
			parts = parts[:len(parts)-1]
		}
	}
	return append(parts, part)
}

func legacyPart(s string) (part, rest string) {
	switch c := s[0]; {
	case isDigit(c):
		return digits(s)
	case isLower(c):
		return letters(s)
	case c == '.' || c == '-':
		return s[:1], s[1:]
	}
	i := 1
	for i < len(s) && !isDigit(s[i]) && !isLower(s[i]) && s[i] != '.' && s[i] != '-' {
		i++
	}
	return s[:i], s[i:]
}

func legacyKey(part string) string {
	if isDigit(part[0]) {
		return strings.Repeat("0", max(0, 8-len(part))) + part
	}
	switch part {
	case "pre", "preview", "rc":
		part = "c"
	case "-":
		part = "final-"
	case "dev":
		part = "@"
	}
	return "*" + part
}
