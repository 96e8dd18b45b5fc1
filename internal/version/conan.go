package version

import "strings"

// Conan is the order of Conan 2: like Semantic Versioning, with any number of
// items, of which trailing zeros mean nothing; items may hold letters (1.1.1k),
// and a build after "+" is newer than the same version without.
func Conan(a, b string) (int, error) {
	for _, v := range [...]string{a, b} {
		if err := bounded("Conan", v); err != nil {
			return 0, err
		}
	}
	x, y := parseConan(a), parseConan(b)
	return firstOf(
		compareItems(x.items, y.items),
		sign(count(x.preRelease == "")-count(y.preRelease == "")),
		compareItems(x.preRelease, y.preRelease),
		compareItems(x.build, y.build),
	), nil
}

type conan struct{ items, preRelease, build string }

func parseConan(text string) conan {
	var v conan
	v.items, v.build, _ = strings.Cut(strings.TrimPrefix(text, "v"), "+")
	v.items, v.preRelease, _ = strings.Cut(v.items, "-")
	return v
}

// compareItems compares items between dots; a missing one is zero.
func compareItems(a, b string) int {
	for a != "" || b != "" {
		x, restA, _ := strings.Cut(a, ".")
		y, restB, _ := strings.Cut(b, ".")
		if n := compareItem(x, y); n != 0 {
			return n
		}
		a, b = restA, restB
	}
	return 0
}

// compareItem compares the number that an item begins with, then its letters.
// An item that begins with a letter is newer than every number.
func compareItem(a, b string) int {
	x, restA := digits(a)
	y, restB := digits(b)
	return firstOf(
		sign(count(x == "" && a != "")-count(y == "" && b != "")),
		compareNumbers(x, y),
		strings.Compare(restA, restB),
	)
}
