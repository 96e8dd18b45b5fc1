package version

import (
	"errors"
	"strings"
)

// semver is a version of Semantic Versioning.
type semver struct {
	core          [3]string // digits
	preRelease    string
	hasPreRelease bool
	build         string // without the plus
}

const semanticVersioning = "Semantic Versioning"

var errNoNumber = errors.New("a number is missing")

// Semver is the precedence of Semantic Versioning 2.0.0: of Go modules, npm,
// crates.io and others. It is generous in what it reads: a leading "v" or "=",
// missing numbers, numbers of any size; more than three numbers count as build metadata.
func Semver(a, b string) (int, error) {
	x, y, err := parseSemvers(a, b)
	if err != nil {
		return 0, err
	}
	return x.compare(&y, comparePreRelease), nil
}

func parseSemvers(a, b string) (x, y semver, err error) {
	if x, err = parseSemver(a); err != nil {
		return
	}
	y, err = parseSemver(b)
	return
}

func parseSemver(text string) (semver, error) {
	var v semver
	if err := bounded(semanticVersioning, text); err != nil {
		return v, err
	}
	rest := strings.TrimLeft(text, "v=")
	for i := range v.core {
		number, after := digits(rest)
		if number == "" {
			return v, unreadable(semanticVersioning, text, errNoNumber)
		}
		v.core[i], rest = number, after
		if i == 2 || !strings.HasPrefix(rest, ".") {
			break
		}
		rest = rest[1:]
	}
	v.tail(rest)
	return v, nil
}

// tail reads what follows the numbers.
func (v *semver) tail(rest string) {
	switch {
	case rest == "":
	case rest[0] == '-':
		v.hasPreRelease = true
		v.preRelease, v.build, _ = strings.Cut(rest[1:], "+")
	case isLetter(rest[0]): // 1.2.3rc1
		v.hasPreRelease = true
		v.preRelease, v.build, _ = strings.Cut(rest, "+")
	default:
		v.build = rest[1:]
	}
}

// compare orders by the numbers, and puts pre-releases before the release.
func (v *semver) compare(other *semver, preRelease func(a, b string) int) int {
	for i := range v.core {
		if n := compareNumbers(v.core[i], other.core[i]); n != 0 {
			return n
		}
	}
	switch {
	case !v.hasPreRelease && !other.hasPreRelease:
		return 0
	case !v.hasPreRelease:
		return 1
	case !other.hasPreRelease:
		return -1
	}
	return preRelease(v.preRelease, other.preRelease)
}

// comparePreRelease compares identifiers between dots: numbers as numbers and
// below words, words by their bytes, and fewer before more.
func comparePreRelease(a, b string) int {
	for {
		x, restA, moreA := strings.Cut(a, ".")
		y, restB, moreB := strings.Cut(b, ".")
		if n := compareIdentifiers(x, y); n != 0 {
			return n
		}
		if !moreA || !moreB {
			return sign(count(moreA) - count(moreB))
		}
		a, b = restA, restB
	}
}

func compareIdentifiers(a, b string) int {
	x, y := isNumber(a), isNumber(b)
	switch {
	case x && y:
		return compareNumbers(a, b)
	case x:
		return -1
	case y:
		return 1
	}
	return strings.Compare(a, b)
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
