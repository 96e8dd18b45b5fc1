package version

import "strings"

// Maven is the order of Maven's ComparableVersion: numbers and qualifiers
// between dots, hyphens and changes from digits to letters. A qualifier such as
// alpha, rc or snapshot comes before the release, others after it; zeros and
// "final" at the end of a part mean nothing.
//
// Releases of Maven differ about qualifiers after a dot. As in the newest, they
// count like qualifiers after a hyphen; where that leaves two versions equal,
// older releases decide, so that 2.0.a is older than 2.0.0.a.
func Maven(a, b string) (int, error) {
	for _, v := range [...]string{a, b} {
		if err := bounded("Maven", v); err != nil {
			return 0, err
		}
	}
	var bufferA, bufferB [24]mavenToken
	x, y := mavenTokens(bufferA[:0], a), mavenTokens(bufferB[:0], b)
	x, y = trimMaven(x, true), trimMaven(y, true)
	strict := compareMaven(x, y, (*mavenToken).compareStrictly)
	if strict == 0 {
		return 0, nil
	}
	if n := compareMaven(trimMaven(x, false), trimMaven(y, false), (*mavenToken).compare); n != 0 {
		return n, nil
	}
	return strict, nil
}

// compareMaven compares token by token; nil stands for the end.
func compareMaven(a, b []mavenToken, compare func(x, y *mavenToken) int) int {
	for i := range max(len(a), len(b)) {
		var x, y *mavenToken
		if i < len(a) {
			x = &a[i]
		}
		if i < len(b) {
			y = &b[i]
		}
		if n := compare(x, y); n != 0 {
			return n
		}
	}
	return 0
}

// trimMaven drops the tokens that mean nothing where they stand. The first
// token always stays.
func trimMaven(tokens []mavenToken, strict bool) []mavenToken {
	kept := len(tokens) // tokens[kept:] stay
	for i := len(tokens) - 1; i >= 0; i-- {
		var next *mavenToken
		if kept < len(tokens) {
			next = &tokens[kept]
		}
		if i > 0 && tokens[i].meansNothing(next, strict) {
			continue
		}
		kept--
		tokens[kept] = tokens[i]
	}
	return tokens[kept:]
}

// meansNothing reports whether a token can be left out before the next one, nil
// for the end: a zero before a hyphen and, unless strict, before a qualifier;
// "final" before a number after a hyphen.
func (t *mavenToken) meansNothing(next *mavenToken, strict bool) bool {
	if t.number {
		return strings.Trim(t.text, "0") == "" && (next == nil || next.hyphen || !strict && !next.number)
	}
	return t.qualifier() == mavenRelease && (next == nil || next.hyphen && next.number)
}
