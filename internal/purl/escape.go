package purl

import (
	"errors"
	"strings"
)

const hexDigits = "0123456789ABCDEF"

// escape writes a part, with everything encoded that could be taken for the
// end of it. A colon is left, as the specification has it since 2024.
func escape(b *strings.Builder, part string) {
	for i := range len(part) {
		if c := part[i]; plain(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
}

// escapeSegments writes parts with slashes between.
func escapeSegments(b *strings.Builder, path string) {
	for i, segment := range strings.Split(path, "/") {
		if i > 0 {
			b.WriteByte('/')
		}
		escape(b, segment)
	}
}

func plain(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '_' || c == '~' || c == ':'
}

var errEncoding = errors.New("a % that is not followed by two hexadecimal digits")

// unescape decodes a part.
func unescape(part string) (string, error) {
	at := strings.IndexByte(part, '%')
	if at < 0 {
		return part, nil
	}
	out := make([]byte, 0, len(part))
	for i := 0; i < len(part); i++ {
		if part[i] != '%' {
			out = append(out, part[i])
			continue
		}
		if i+2 >= len(part) {
			return "", errEncoding
		}
		high, low := digit(part[i+1]), digit(part[i+2])
		if high < 0 || low < 0 {
			return "", errEncoding
		}
		out = append(out, byte(high<<4|low))
		i += 2
	}
	return string(out), nil
}

func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
