package program

import "bytes"

// versionAt is the version that a text begins with: numbers with dots between,
// and what makes a release of its own: "1.1.1w", "9.6p1", "2.0.0-rc1".
func versionAt(text []byte) string {
	end, dot := 0, true
	for end < len(text) && (text[end] == '.' && !dot || '0' <= text[end] && text[end] <= '9') {
		dot = text[end] == '.'
		end++
	}
	if end == 0 || dot {
		return ""
	}
	if label := labelAt(text[end:]); label > 0 {
		return string(text[:end+label])
	}
	if end < len(text) && 'a' <= text[end] && text[end] <= 'z' && (end+1 == len(text) || !isLetter(text[end+1])) {
		end++ // the letter of an old release of OpenSSL
	}
	return string(text[:end])
}

// labelAt is the length of the label of a release that a text begins with: "-rc1".
func labelAt(text []byte) int {
	for _, pre := range []string{"-rc", "-alpha", "-beta", "rc", "beta", "alpha", "p"} {
		rest, found := bytes.CutPrefix(text, []byte(pre))
		digits := 0
		for digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' {
			digits++
		}
		if found && digits > 0 {
			return len(pre) + digits
		}
	}
	return 0
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
