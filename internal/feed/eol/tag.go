package eol

import (
	"slices"
	"strings"
)

// NewerTag is the tag to use in place of one whose product or operating system
// is out of standard support: the same variant of the next supported cycle. It
// is what publishers would call it; whether they did, only a registry knows.
func (db *DB) NewerTag(repository, tag string, today Day) (string, bool, error) {
	matches, err := db.ByTag(repository, tag)
	if err != nil {
		return "", false, err
	}
	words := strings.Split(tag, "-")
	over := func(m Match) bool { return m.Cycle.Status(today).Support >= Extended }
	changed := slices.ContainsFunc(matches, over)
	for i := range matches {
		m := &matches[i]
		next, ok := m.Cycle, true // what goes on needs its last release: older ones are not built anew
		if over(*m) {
			next, ok = m.Product.Next(m.Cycle, today)
		}
		if changed && (!ok || !replaceIn(words[min(i, len(words)-1):], m, next)) {
			return "", false, nil // a half of the change is none
		}
	}
	return strings.Join(words, "-"), changed, nil
}

// replaceIn puts the next cycle in the place of the one that a tag names.
func replaceIn(words []string, m *Match, next *Cycle) bool {
	// A system in the tag of a product stands behind the version of that.
	at := slices.IndexFunc(words, func(w string) bool { return isNamedBy(w, m) })
	if at < 0 {
		return false
	}
	word := words[at]
	code, _, _ := strings.Cut(strings.ToLower(m.Cycle.Codename), " ")
	nextCode, _, _ := strings.Cut(strings.ToLower(next.Codename), " ")
	switch {
	case code != "" && strings.EqualFold(word, code):
		words[at] = nextCode
		return nextCode != ""
	default:
		begin := strings.IndexAny(word, "0123456789")
		words[at] = word[:begin] + sameLength(word[begin:], m.Cycle, next)
	}
	if at == 0 && len(words) > 1 && isBuild(words[1]) {
		return false // "3.5.10-0", "8u392-b08": a build of one release
	}
	return true
}

// isNamedBy reports whether a word of a tag is what a match was found by.
func isNamedBy(word string, m *Match) bool {
	code, _, _ := strings.Cut(m.Cycle.Codename, " ")
	if code != "" && strings.EqualFold(word, code) {
		return true
	}
	begin := strings.IndexAny(word, "0123456789")
	if begin < 0 || !belongs(strings.ToLower(word[:begin]), m.Product) {
		return false
	}
	of, all := parts(m.Cycle.Name), parts(word[begin:])
	return m.Older || m.Moving || len(of) <= len(all) && slices.Equal(of, all[:len(of)])
}

// belongs reports whether what stands before a version is of a product: nothing,
// "v", or its name as in "alpine3.20".
func belongs(prefix string, p *Product) bool {
	return prefix == "" || prefix == "v" || prefix == "ubi" || len(prefix) > 2 && strings.HasPrefix(p.Name, prefix)
}

// sameLength is the next cycle with as many parts as a version had: those of the
// cycle, or of its last release where the version named one.
func sameLength(version string, from, next *Cycle) string {
	length, of := len(parts(version)), len(parts(from.Name))
	latest := strings.Split(strings.TrimPrefix(next.Latest, "v"), ".")
	switch {
	case length > of && len(latest) >= length:
		return strings.Join(latest[:length], ".")
	case length < of:
		return strings.Join(strings.Split(next.Name, ".")[:length], ".")
	}
	return next.Name
}

// isBuild reports whether a word of a tag is the number of a build.
func isBuild(word string) bool {
	return onlyDigits(word) || len(word) > 1 && (word[0] == 'b' || word[0] == 'r') && onlyDigits(word[1:])
}
