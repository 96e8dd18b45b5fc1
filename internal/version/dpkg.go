package version

import (
	"errors"
	"strings"
)

var (
	errEpoch    = errors.New("the epoch is not a number that dpkg reads")
	errUpstream = errors.New("nothing stands between epoch and revision")
	errRevision = errors.New("the revision is empty")
	errSpace    = errors.New("it holds a space")
)

// highestEpoch is the highest that dpkg reads.
const highestEpoch = "2147483647"

// deb is a version of dpkg: [epoch:]upstream[-revision].
type deb struct{ epoch, upstream, revision string }

// Debian is the order of dpkg, as deb-version(7) has it: of Debian, Ubuntu and
// what derives from them.
func Debian(a, b string) (int, error) {
	x, err := parseDeb(a)
	if err != nil {
		return 0, err
	}
	y, err := parseDeb(b)
	if err != nil {
		return 0, err
	}
	if n := compareNumbers(x.epoch, y.epoch); n != 0 {
		return n, nil
	}
	if n := compareDeb(x.upstream, y.upstream); n != 0 {
		return n, nil
	}
	return compareDeb(x.revision, y.revision), nil
}

func parseDeb(text string) (deb, error) {
	const kind = "dpkg"
	if err := bounded(kind, text); err != nil {
		return deb{}, err
	}
	v := deb{upstream: strings.Trim(text, " \t\n")}
	if epoch, rest, found := strings.Cut(v.upstream, ":"); found {
		if !isNumber(epoch) || compareNumbers(epoch, highestEpoch) > 0 {
			return v, unreadable(kind, text, errEpoch)
		}
		v.epoch, v.upstream = epoch, rest
	}
	if i := strings.LastIndexByte(v.upstream, '-'); i >= 0 {
		v.upstream, v.revision = v.upstream[:i], v.upstream[i+1:]
		if v.revision == "" {
			return v, unreadable(kind, text, errRevision)
		}
	}
	switch {
	case v.upstream == "":
		return v, unreadable(kind, text, errUpstream)
	case strings.ContainsAny(v.upstream, " \t\n"), strings.ContainsAny(v.revision, " \t\n"):
		return v, unreadable(kind, text, errSpace)
	}
	return v, nil
}

// compareDeb compares in turns what is not a number, by the weight of its
// characters, and what is one.
func compareDeb(a, b string) int {
	for a != "" || b != "" {
		for startsWord(a) || startsWord(b) {
			x, y := debWeight(a), debWeight(b)
			if x != y {
				return sign(x - y)
			}
			a, b = a[1:], b[1:]
		}
		x, restA := digits(a)
		y, restB := digits(b)
		if n := compareNumbers(x, y); n != 0 {
			return n
		}
		a, b = restA, restB
	}
	return 0
}

func startsWord(s string) bool { return s != "" && !isDigit(s[0]) }

// debWeight puts the tilde before the end of the text, and letters before all
// other characters.
func debWeight(s string) int {
	switch {
	case s == "" || isDigit(s[0]):
		return 0
	case s[0] == '~':
		return -1
	case isLetter(s[0]):
		return int(s[0])
	}
	return int(s[0]) + 256
}
