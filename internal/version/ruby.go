package version

import (
	"errors"
	"strings"
)

var errNotGem = errors.New("only letters, digits, dots and hyphens may stand in it")

// RubyGems is the order of Gem::Version: numbers and words alternate, a word is
// older than a number, and zeros at the end of a run of numbers mean nothing. A
// hyphen begins a pre-release.
func RubyGems(a, b string) (int, error) {
	for _, v := range [...]string{a, b} {
		if err := checkGem(v); err != nil {
			return 0, err
		}
	}
	x, y := gem{rest: a}, gem{rest: b}
	for {
		left, right := x.next(), y.next()
		if n := compareGemParts(left, right); n != 0 {
			return n, nil
		}
		if left == "" && right == "" {
			return 0, nil
		}
	}
}

func checkGem(v string) error {
	if err := bounded("RubyGems", v); err != nil {
		return err
	}
	for i := range len(v) {
		if c := v[i]; !isDigit(c) && !isLetter(c) && c != '.' && c != '-' && c != '_' {
			return unreadable("RubyGems", v, errNotGem)
		}
	}
	return nil
}

// compareGemParts takes nothing for a zero.
func compareGemParts(a, b string) int {
	x, y := a == "" || isDigit(a[0]), b == "" || isDigit(b[0])
	switch {
	case x && y:
		return compareNumbers(a, b)
	case x:
		return 1
	case y:
		return -1
	}
	return strings.Compare(a, b)
}

// gem reads the parts of a version that count.
type gem struct {
	rest      string
	sawWord   bool
	fromDash  bool // a hyphen stands for the word "pre"
	nextZeros bool // the zeros that follow are known to count
}

// next is the next part that counts, empty at the end.
func (g *gem) next() string {
	for {
		part := g.part()
		if part == "" {
			return ""
		}
		if !isDigit(part[0]) {
			g.sawWord, g.nextZeros = true, false
			return part
		}
		if strings.Trim(part, "0") != "" {
			g.nextZeros = false
			return part
		}
		if g.nextZeros || g.zeroCounts() {
			g.nextZeros = true
			return part
		}
	}
}

// part splits off the next number or word.
func (g *gem) part() string {
	for g.rest != "" {
		c := g.rest[0]
		switch {
		case c == '-' && !g.fromDash:
			g.fromDash = true
			return "pre"
		case isDigit(c):
			var part string
			part, g.rest = digits(g.rest)
			return part
		case isLetter(c):
			var part string
			part, g.rest = letters(g.rest)
			return part
		}
		g.rest, g.fromDash = g.rest[1:], false
	}
	return ""
}

// zeroCounts looks whether a number other than zero follows in the same run.
// The run ends at the first word, and behind that word only with the version.
func (g *gem) zeroCounts() bool {
	ahead := *g
	for {
		part := ahead.part()
		switch {
		case part == "":
			return false
		case !isDigit(part[0]):
			return ahead.sawWord
		case strings.Trim(part, "0") != "":
			return true
		}
	}
}
