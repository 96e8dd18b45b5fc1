package version

import "strings"

// Natural is the order of last resort, for ecosystems that define none: digits
// are compared as numbers, words as text without regard to case, a number is
// newer than a word, and more is newer, except for a tilde and for words that
// announce a release.
func Natural(a, b string) (int, error) {
	for _, v := range [...]string{a, b} {
		if err := bounded("any known order", v); err != nil {
			return 0, err
		}
	}
	a, b = trimV(a), trimV(b)
	for {
		x, restA := naturalPart(a)
		y, restB := naturalPart(b)
		placeX, placeY := naturalPlace(x), naturalPlace(y)
		if placeX != placeY {
			return sign(placeX - placeY), nil
		}
		if x == "" {
			return 0, nil
		}
		if n := compareNaturalParts(x, y); n != 0 {
			return n, nil
		}
		a, b = restA, restB
	}
}

func compareNaturalParts(a, b string) int {
	if isDigit(a[0]) {
		return compareNumbers(a, b)
	}
	return compareFold(a, b)
}

func naturalPart(s string) (part, rest string) {
	for s != "" {
		switch {
		case s[0] == '~':
			return s[:1], s[1:]
		case isDigit(s[0]):
			return digits(s)
		case isLetter(s[0]):
			return letters(s)
		}
		s = s[1:]
	}
	return "", ""
}

// naturalPlace orders what a version may go on with.
func naturalPlace(part string) int {
	switch {
	case part == "":
		return 2
	case part == "~":
		return 0
	case isDigit(part[0]):
		return 4
	}
	for _, announced := range [...]string{"alpha", "beta", "dev", "pre", "preview", "rc", "snapshot"} {
		if strings.EqualFold(part, announced) {
			return 1
		}
	}
	return 3
}
