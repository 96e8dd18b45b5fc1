package version

import "strings"

// Alpine is the order of apk 3: of Alpine, Wolfi and Chainguard. Their versions
// are numbers between dots, a letter, suffixes such as _rc1, a commit after "~"
// and the number of the build after "-r".
//
// Text that is not of that form is older than text that is, as in apk. Where
// apk calls two such texts equal, they are compared as text, unless what is
// wrong is the number of the build.
func Alpine(a, b string) (int, error) {
	for _, v := range [...]string{a, b} {
		if err := bounded("apk", v); err != nil {
			return 0, err
		}
	}
	x, y := apkToken{rest: a, place: apkStart}, apkToken{rest: b, place: apkStart}
	for {
		x.next()
		y.next()
		if n := x.compare(&y); n != 0 {
			return n, nil
		}
		if x.place == apkEnd || x.place == apkInvalid {
			return 0, nil
		}
	}
}

// apkPlace is the kind of a token. The order of the kinds decides where two
// versions go on differently.
type apkPlace int

const (
	apkPre     apkPlace = iota // _alpha, _beta, _pre, _rc: older than the end
	apkInvalid                 // text of another form
	apkEnd
	apkBuild  // -r1
	apkCommit // ~0123abc
	apkSuffixNumber
	apkPost // _cvs, _svn, _git, _hg, _p
	apkLetter
	apkDigits
	apkFirst // digits at the beginning
	apkStart
)

// apkToken reads a version piece by piece.
type apkToken struct {
	place  apkPlace
	value  string
	weight int // of a suffix
	rest   string
}

func (t *apkToken) compare(other *apkToken) int {
	if t.place != other.place {
		return sign(int(t.place) - int(other.place))
	}
	switch t.place {
	case apkPre, apkPost:
		return sign(t.weight - other.weight)
	case apkFirst, apkSuffixNumber, apkBuild:
		return compareNumbers(t.value, other.value)
	case apkDigits:
		if t.value[0] != '0' && other.value[0] != '0' {
			return compareNumbers(t.value, other.value)
		}
	}
	return strings.Compare(t.value, other.value)
}

func (t *apkToken) next() {
	switch {
	case t.place == apkStart:
		t.number(apkFirst, t.rest)
	case t.rest == "":
		t.place, t.value = apkEnd, ""
	default:
		t.advance(t.rest[0])
	}
}

func (t *apkToken) advance(c byte) {
	inNumbers := t.place == apkFirst || t.place == apkDigits
	inSuffix := t.place == apkPre || t.place == apkPost
	switch {
	case isLower(c) && inNumbers:
		t.place, t.value, t.rest = apkLetter, t.rest[:1], t.rest[1:]
	case c == '.' && inNumbers:
		t.number(apkDigits, t.rest[1:])
	case isDigit(c) && inSuffix:
		t.number(apkSuffixNumber, t.rest)
	case c == '_' && (inNumbers || inSuffix || t.place == apkLetter || t.place == apkSuffixNumber):
		t.suffix()
	case c == '~' && t.place != apkCommit && t.place != apkBuild:
		t.commit()
	case c == '-' && t.place != apkBuild && strings.HasPrefix(t.rest, "-r"):
		t.build()
	default:
		t.invalid()
	}
}

// invalid keeps what can't be read. What is wrong in the number of the build
// is all the same.
func (t *apkToken) invalid() {
	t.place, t.value = apkInvalid, t.rest
	if strings.HasPrefix(t.rest, "-") {
		t.value = "-"
	}
}

// number reads digits; there must be some.
func (t *apkToken) number(place apkPlace, text string) {
	value, rest := digits(text)
	if value == "" {
		t.invalid()
		return
	}
	t.place, t.value, t.rest = place, value, rest
}

// build reads the number of the build; apk takes "-r" alone for "-r0".
func (t *apkToken) build() {
	value, rest := digits(t.rest[len("-r"):])
	if value == "" && rest != "" && isLetter(rest[0]) {
		t.invalid()
		return
	}
	t.place, t.value, t.rest = apkBuild, value, rest
}

func (t *apkToken) commit() {
	i := 1
	for i < len(t.rest) && (isDigit(t.rest[i]) || 'a' <= t.rest[i] && t.rest[i] <= 'f') {
		i++
	}
	if i == 1 {
		t.invalid()
		return
	}
	t.place, t.value, t.rest = apkCommit, t.rest[1:i], t.rest[i:]
}

func (t *apkToken) suffix() {
	i := 1
	for i < len(t.rest) && isLower(t.rest[i]) {
		i++
	}
	weight := apkWeight(t.rest[1:i])
	switch {
	case weight < 0:
		t.place = apkPre
	case weight > 0:
		t.place = apkPost
	default:
		t.invalid()
		return
	}
	t.weight, t.value, t.rest = weight, t.rest[1:i], t.rest[i:]
}

// apkWeight orders the suffixes around a version without one; 0 for a word
// that is none.
func apkWeight(suffix string) int {
	switch suffix {
	case "alpha":
		return -4
	case "beta":
		return -3
	case "pre":
		return -2
	case "rc":
		return -1
	case "cvs":
		return 1
	case "svn":
		return 2
	case "git":
		return 3
	case "hg":
		return 4
	case "p":
		return 5
	}
	return 0
}
