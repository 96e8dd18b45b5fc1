package version

import "strings"

// NuGet is the order of .NET packages: numbers, four as a rule, of which
// missing ones are zero, then a pre-release without regard to case.
func NuGet(a, b string) (int, error) {
	x, err := parseNuGet(a)
	if err != nil {
		return 0, err
	}
	y, err := parseNuGet(b)
	if err != nil {
		return 0, err
	}
	if n := comparePadded(x.numbers, y.numbers); n != 0 {
		return n, nil
	}
	if x.preRelease == "" || y.preRelease == "" {
		return sign(count(x.preRelease == "") - count(y.preRelease == "")), nil
	}
	return compareLabels(x.preRelease, y.preRelease), nil
}

type nuget struct{ numbers, preRelease string }

func parseNuGet(text string) (nuget, error) {
	const kind = "NuGet"
	if err := bounded(kind, text); err != nil {
		return nuget{}, err
	}
	rest := strings.TrimPrefix(text, "v")
	rest, _, _ = strings.Cut(rest, "+")
	var v nuget
	v.numbers, v.preRelease, _ = strings.Cut(rest, "-")
	if !areNumbers(v.numbers, ".") {
		return v, unreadable(kind, text, errNoNumber)
	}
	return v, nil
}

// areNumbers reports whether a text is numbers between separators.
func areNumbers(text, separators string) bool {
	for {
		number, rest := digits(text)
		switch {
		case number == "":
			return false
		case rest == "":
			return true
		case !strings.Contains(separators, rest[:1]):
			return false
		}
		text = rest[1:]
	}
}

// comparePadded compares numbers between dots; missing ones are zero.
func comparePadded(a, b string) int {
	for a != "" || b != "" {
		x, restA, _ := strings.Cut(a, ".")
		y, restB, _ := strings.Cut(b, ".")
		if n := compareNumbers(x, y); n != 0 {
			return n
		}
		a, b = restA, restB
	}
	return 0
}

// compareLabels is comparePreRelease without regard to case.
func compareLabels(a, b string) int {
	for {
		x, restA, moreA := strings.Cut(a, ".")
		y, restB, moreB := strings.Cut(b, ".")
		var n int
		if isNumber(x) || isNumber(y) {
			n = compareIdentifiers(x, y)
		} else {
			n = compareFold(x, y)
		}
		if n != 0 || !moreA || !moreB {
			return firstOf(n, sign(count(moreA)-count(moreB)))
		}
		a, b = restA, restB
	}
}

// firstOf is the first result that decides.
func firstOf(results ...int) int {
	for _, n := range results {
		if n != 0 {
			return n
		}
	}
	return 0
}
