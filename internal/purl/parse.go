package purl

import (
	"slices"
	"strings"
)

// longest is the length at which a text is no package URL any more.
const longest = 8 << 10

// escapedSize is what a byte takes that has to be escaped.
const escapedSize = 3

// Parse reads a package URL and normalises it.
func Parse(text string) (URL, error) {
	rest := strings.TrimSpace(text)
	switch {
	case len(rest) > longest:
		return URL{}, errorOf(text, "it is too long")
	case !Is(rest):
		return URL{}, errorOf(text, `it does not begin with "pkg:"`)
	}
	whole := len(rest)
	rest = strings.TrimLeft(rest[len("pkg:"):], "/")
	var u URL
	rest, subpath := cutAt(rest, '#')
	rest, qualifiers := cutAt(rest, '?')
	u.Type, rest, _ = strings.Cut(rest, "/")
	if u.Type = strings.ToLower(u.Type); !validType(u.Type) {
		return URL{}, errorOf(text, "the type is missing or malformed")
	}
	if why := u.readName(strings.Trim(rest, "/")); why != "" {
		return URL{}, errorOf(text, why)
	}
	if why := u.readQualifiers(qualifiers); why != "" {
		return URL{}, errorOf(text, why)
	}
	segments, err := readSegments(subpath, func(s string) bool { return s == "." || s == ".." })
	if err != nil {
		return URL{}, errorOf(text, err.Error())
	}
	u.Subpath = segments
	u = u.normal()
	if whole > longest/escapedSize && len(u.String()) > longest {
		return URL{}, errorOf(text, "it is too long in its normal form")
	}
	return u, nil
}

// cutAt cuts at the first occurrence of a mark; what is after it is optional.
func cutAt(text string, mark byte) (before, after string) {
	if i := strings.IndexByte(text, mark); i >= 0 {
		return text[:i], text[i+1:]
	}
	return text, ""
}

// readName reads "namespace/name@version". The @ of a scope stands encoded, or
// plain at the beginning of a segment, which is not canonical but common.
func (u *URL) readName(text string) (why string) {
	path, version := text, ""
	if at := versionAt(text); at > 0 {
		path, version = text[:at], text[at+1:]
	}
	namespace, name := "", path
	if slash := strings.LastIndexByte(path, '/'); slash >= 0 {
		namespace, name = path[:slash], path[slash+1:]
	}
	var err error
	if u.Namespace, err = readSegments(namespace, nil); err != nil {
		return err.Error()
	}
	if u.Name, err = unescape(name); err != nil {
		return err.Error()
	}
	if u.Version, err = unescape(version); err != nil {
		return err.Error()
	}
	if u.Name == "" {
		return "the name is missing"
	}
	return ""
}

// versionAt is the position of the @ that begins the version, -1 without one.
// Digests of images hold no @, branches may hold slashes.
func versionAt(text string) int {
	for i := len(text) - 1; i > 0; i-- {
		if text[i] == '@' && text[i-1] != '/' {
			return i
		}
	}
	return -1
}

// readSegments decodes a path, without its empty segments and those to skip. A
// slash that comes out of the decoding would be another path.
func readSegments(path string, skip func(string) bool) (string, error) {
	if path == "" {
		return "", nil
	}
	var segments []string
	for segment := range strings.SplitSeq(path, "/") {
		decoded, err := unescape(segment)
		if err != nil {
			return "", err
		}
		for part := range strings.SplitSeq(decoded, "/") {
			if part != "" && (skip == nil || !skip(part)) {
				segments = append(segments, part)
			}
		}
	}
	return strings.Join(segments, "/"), nil
}

func (u *URL) readQualifiers(text string) (why string) {
	for pair := range strings.SplitSeq(text, "&") {
		key, value, _ := strings.Cut(pair, "=")
		decoded, err := unescape(value)
		if err != nil {
			return err.Error()
		}
		if decoded == "" {
			continue
		}
		if key = strings.ToLower(key); !validKey(key) {
			return "the key of a qualifier is malformed"
		}
		if u.Qualifier(key) != "" {
			return "a qualifier is given twice"
		}
		u.Qualifiers = append(u.Qualifiers, Qualifier{key, decoded})
	}
	slices.SortFunc(u.Qualifiers, func(a, b Qualifier) int { return strings.Compare(a.Key, b.Key) })
	return ""
}

func validType(text string) bool {
	return text != "" && 'a' <= text[0] && text[0] <= 'z' && !strings.ContainsFunc(text, func(r rune) bool { return !keyRune(r) && r != '+' })
}

func validKey(text string) bool {
	return text != "" && !('0' <= text[0] && text[0] <= '9') && !strings.ContainsFunc(text, func(r rune) bool { return !keyRune(r) && r != '_' })
}

func keyRune(r rune) bool {
	return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '.' || r == '-'
}
