package version

import "strings"

// Packagist is the order of PHP's version_compare, by which Composer compares:
// numbers and words alternate, and words have a place: dev, alpha, beta, RC, no
// word, pl. A leading "v" is not part of the version.
func Packagist(a, b string) (int, error) {
	for _, v := range [...]string{a, b} {
		if err := bounded("Packagist", v); err != nil {
			return 0, err
		}
	}
	return comparePHP(trimV(a), trimV(b)), nil
}

func trimV(s string) string {
	if s != "" && toLower(s[0]) == 'v' {
		return s[1:]
	}
	return s
}

// noWord is how version_compare writes that a number or nothing stands there.
const noWord = "#"

func comparePHP(a, b string) int {
	for {
		x, restA := phpPart(a)
		y, restB := phpPart(b)
		switch {
		case x == "" && y == "":
			return 0
		case x == "":
			return -compareWithEnd(b)
		case y == "":
			return compareWithEnd(a)
		}
		if n := comparePHPParts(x, y); n != 0 {
			return n
		}
		a, b = restA, restB
	}
}

// compareWithEnd compares what is left of a version with nothing: a number is
// newer; a word has its place, and the first that decides is taken.
func compareWithEnd(s string) int {
	part, rest := phpPart(s)
	if isDigit(part[0]) {
		return 1
	}
	if n := sign(phpPlace(part) - phpPlace(noWord)); n != 0 || rest == "" {
		return n
	}
	return compareWithEnd(rest)
}

func comparePHPParts(a, b string) int {
	x, y := isDigit(a[0]), isDigit(b[0])
	switch {
	case x && y:
		return compareNumbers(a, b)
	case x:
		a = noWord
	case y:
		b = noWord
	}
	return sign(phpPlace(a) - phpPlace(b))
}

// phpPart splits off the next number or word. Dots, hyphens, underscores and
// plus signs separate, as does the change between digits and others.
func phpPart(s string) (part, rest string) {
	for s != "" && separatesPHP(s[0]) {
		s = s[1:]
	}
	if s == "" {
		return "", ""
	}
	i, number := 1, isDigit(s[0])
	for i < len(s) && !separatesPHP(s[i]) && isDigit(s[i]) == number {
		i++
	}
	rest = s[i:]
	for rest != "" && separatesPHP(rest[0]) {
		rest = rest[1:]
	}
	return s[:i], rest
}

func separatesPHP(c byte) bool { return c == '.' || c == '-' || c == '_' || c == '+' }

// phpPlace knows words by how they begin; others are older than all.
func phpPlace(word string) int {
	switch {
	case strings.HasPrefix(word, "dev"):
		return 0
	case strings.HasPrefix(word, "a"):
		return 1
	case strings.HasPrefix(word, "b"):
		return 2
	case strings.HasPrefix(word, "RC"), strings.HasPrefix(word, "rc"):
		return 3
	case strings.HasPrefix(word, noWord):
		return 4
	case strings.HasPrefix(word, "p"):
		return 5
	}
	return -1
}
