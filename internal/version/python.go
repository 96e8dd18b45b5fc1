package version

import "strings"

// Python is the order of PEP 440, with epochs, pre-, post- and development
// releases and local versions. Versions from before PEP 440, of another form,
// are older than all of that form; among them, the order of old setuptools
// holds.
func Python(a, b string) (int, error) {
	for _, v := range [...]string{a, b} {
		if err := bounded("PyPI", v); err != nil {
			return 0, err
		}
	}
	x, okX := parsePEP440(a)
	y, okY := parsePEP440(b)
	switch {
	case okX && okY:
		return x.compare(&y), nil
	case okX:
		return 1, nil
	case okY:
		return -1, nil
	}
	return compareLegacy(a, b), nil
}

// pep440 is a version in the form of PEP 440.
type pep440 struct {
	epoch, release    string
	pre, post, dev    string // the words, in their normal form
	preN, postN, devN string
	local             string
}

func parsePEP440(text string) (pep440, bool) {
	r := pepReader{rest: strings.TrimSpace(text)}
	r.word("v")
	var v pep440
	if epoch, rest := digits(r.rest); epoch != "" && strings.HasPrefix(rest, "!") {
		v.epoch, r.rest = epoch, rest[1:]
	}
	v.release = r.release()
	v.pre, v.preN = r.part("alpha", "a", "beta", "b", "preview", "pre", "c", "rc")
	if n, rest := digits(strings.TrimPrefix(r.rest, "-")); n != "" && r.rest[0] == '-' {
		v.post, v.postN, r.rest = "post", n, rest
	} else {
		v.post, v.postN = r.part("post", "rev", "r")
	}
	v.dev, v.devN = r.part("dev")
	if strings.HasPrefix(r.rest, "+") {
		v.local, r.rest = r.rest[1:], ""
		if !isLocal(v.local) {
			return v, false
		}
	}
	return v, v.release != "" && r.rest == ""
}

// pepReader reads a version from left to right.
type pepReader struct{ rest string }

// word reads a word without regard to case.
func (r *pepReader) word(word string) bool {
	if len(r.rest) < len(word) || !strings.EqualFold(r.rest[:len(word)], word) {
		return false
	}
	r.rest = r.rest[len(word):]
	return true
}

func (r *pepReader) separator() {
	if r.rest != "" && separatesPEP(r.rest[0]) {
		r.rest = r.rest[1:]
	}
}

func separatesPEP(c byte) bool { return c == '-' || c == '_' || c == '.' }

func (r *pepReader) release() string {
	text := r.rest
	number, rest := digits(r.rest)
	for number != "" {
		r.rest = rest
		if !strings.HasPrefix(rest, ".") {
			break
		}
		number, rest = digits(rest[1:])
	}
	return text[:len(text)-len(r.rest)]
}

// part reads one of the words, with its number.
func (r *pepReader) part(words ...string) (word, number string) {
	before := r.rest
	r.separator()
	for _, word := range words {
		if r.word(word) {
			r.separator()
			number, r.rest = digits(r.rest)
			return word, number
		}
	}
	r.rest = before
	return "", ""
}

func isLocal(s string) bool {
	separated := true
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c) || isLetter(c):
			separated = false
		case separatesPEP(c) && !separated:
			separated = true
		default:
			return false
		}
	}
	return !separated
}

func (v *pep440) compare(other *pep440) int {
	return firstOf(
		compareNumbers(v.epoch, other.epoch),
		comparePadded(v.release, other.release),
		sign(v.phase()-other.phase()),
		compareNumbers(v.preN, other.preN),
		sign(count(v.post != "")-count(other.post != "")),
		compareNumbers(v.postN, other.postN),
		sign(count(v.dev == "")-count(other.dev == "")),
		compareNumbers(v.devN, other.devN),
		compareLocal(v.local, other.local),
	)
}

// phase orders what comes before a release: a development release of it, its
// alpha, beta and candidate.
func (v *pep440) phase() int {
	switch v.pre {
	case "":
		if v.post == "" && v.dev != "" {
			return 0
		}
		return 4
	case "alpha", "a":
		return 1
	case "beta", "b":
		return 2
	}
	return 3
}

// compareLocal compares local versions by their segments: numbers are newer
// than words, more segments than fewer, and any than none.
func compareLocal(a, b string) int {
	for a != "" && b != "" {
		var x, y string
		x, a = cutLocal(a)
		y, b = cutLocal(b)
		var n int
		switch isX, isY := isNumber(x), isNumber(y); {
		case isX && isY:
			n = compareNumbers(x, y)
		case isX != isY:
			n = sign(count(isX) - count(isY))
		default:
			n = compareFold(x, y)
		}
		if n != 0 {
			return n
		}
	}
	return sign(len(a) - len(b))
}

func cutLocal(s string) (segment, rest string) {
	if i := strings.IndexAny(s, "-_."); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}
