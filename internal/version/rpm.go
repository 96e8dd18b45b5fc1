package version

import "strings"

// evr is a version of rpm: [epoch:]version[-release].
type evr struct {
	epoch, version, release string
	released                bool
}

// RPM is the order of rpm, with epoch, release, "~" and "^": of AlmaLinux,
// Rocky Linux, Red Hat, SUSE and others. A missing epoch is zero; a version
// without a release is older than every release of it.
func RPM(a, b string) (int, error) {
	for _, v := range [...]string{a, b} {
		if err := bounded("rpm", v); err != nil {
			return 0, err
		}
	}
	x, y := parseEVR(a), parseEVR(b)
	return x.compare(&y), nil
}

// parseEVR takes what is before a colon for an epoch only if it is a number.
func parseEVR(text string) evr {
	v := evr{version: text}
	if epoch, rest, found := strings.Cut(text, ":"); found && (epoch == "" || isNumber(epoch)) {
		v.epoch, v.version = epoch, rest
	}
	v.version, v.release, v.released = strings.Cut(v.version, "-")
	return v
}

func (v *evr) compare(other *evr) int {
	if n := compareNumbers(v.epoch, other.epoch); n != 0 {
		return n
	}
	if n := compareRPM(v.version, other.version); n != 0 {
		return n
	}
	if v.released != other.released {
		return sign(count(v.released) - count(other.released))
	}
	return compareRPM(v.release, other.release)
}

// compareRPM compares segments of digits or of letters; what separates them
// means nothing.
func compareRPM(a, b string) int {
	for {
		a, b = trimRPM(a), trimRPM(b)
		x, y := rpmPlace(a), rpmPlace(b)
		switch {
		case x != y:
			return sign(x - y)
		case x == rpmEnd:
			return 0
		case x == rpmTilde || x == rpmCaret:
			a, b = a[1:], b[1:]
			continue
		}
		var n int
		if n, a, b = compareSegments(a, b); n != 0 {
			return n
		}
	}
}

func trimRPM(s string) string {
	for s != "" && !isDigit(s[0]) && !isLetter(s[0]) && s[0] != '~' && s[0] != '^' {
		s = s[1:]
	}
	return s
}

// What a version may go on with, from old to new.
const (
	rpmTilde = iota
	rpmEnd
	rpmCaret
	rpmSegment
)

func rpmPlace(s string) int {
	switch {
	case s == "":
		return rpmEnd
	case s[0] == '~':
		return rpmTilde
	case s[0] == '^':
		return rpmCaret
	}
	return rpmSegment
}

// compareSegments compares the first segments; numbers are newer than words.
func compareSegments(a, b string) (n int, restA, restB string) {
	switch x, y := isDigit(a[0]), isDigit(b[0]); {
	case x != y:
		return sign(count(x) - count(y)), a, b
	case x:
		a, restA = digits(a)
		b, restB = digits(b)
		return compareNumbers(a, b), restA, restB
	}
	a, restA = letters(a)
	b, restB = letters(b)
	return strings.Compare(a, b), restA, restB
}
