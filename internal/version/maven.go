package version

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

// trimMaven drops the tokens that mean nothing: at the end, before a hyphen,
// and, unless strict, before a qualifier. The first token always stays.
func trimMaven(tokens []mavenToken, strict bool) []mavenToken {
	kept := len(tokens) // tokens[kept:] stay
	for i := len(tokens) - 1; i >= 0; i-- {
		t := tokens[i]
		boundary := kept == len(tokens) || tokens[kept].hyphen || !strict && !tokens[kept].number
		if i > 0 && t.null() && boundary {
			continue
		}
		kept--
		tokens[kept] = t
	}
	return tokens[kept:]
}
