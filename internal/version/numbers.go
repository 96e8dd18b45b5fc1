package version

import "errors"

var errNotNumbers = errors.New("it is not numbers between separators")

// CRAN is the order of R packages: numbers between dots or hyphens, where more
// numbers are newer.
func CRAN(a, b string) (int, error) { return compareLists("CRAN", ".-", a, b) }

// Hackage is the order of Haskell packages: numbers between dots, where more
// numbers are newer.
func Hackage(a, b string) (int, error) { return compareLists("Hackage", ".", a, b) }

func compareLists(kind, separators, a, b string) (int, error) {
	for _, v := range [...]string{a, b} {
		if err := bounded(kind, v); err != nil {
			return 0, err
		}
		if !areNumbers(v, separators) {
			return 0, unreadable(kind, v, errNotNumbers)
		}
	}
	for {
		x, restA := digits(a)
		y, restB := digits(b)
		if n := compareNumbers(x, y); n != 0 {
			return n, nil
		}
		if restA == "" || restB == "" {
			return sign(len(restA) - len(restB)), nil
		}
		a, b = restA[1:], restB[1:]
	}
}
