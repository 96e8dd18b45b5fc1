package version

import "strings"

// mavenToken is a number or a qualifier, and what stands before it.
type mavenToken struct {
	text   string
	number bool
	hyphen bool // a hyphen or a change from digits to letters, and not a dot
	digit  bool // a qualifier that a digit follows
}

// mavenTokens appends the tokens of a version. Nothing between two separators
// is a zero.
func mavenTokens(tokens []mavenToken, text string) []mavenToken {
	hyphen := false
	for {
		end := strings.IndexAny(text, ".-")
		part := text
		if end >= 0 {
			part = text[:end]
		}
		tokens = mavenParts(tokens, part, hyphen)
		if end < 0 {
			return tokens
		}
		hyphen, text = text[end] == '-', text[end+1:]
	}
}

// mavenParts splits where digits and others meet.
func mavenParts(tokens []mavenToken, part string, hyphen bool) []mavenToken {
	if part == "" {
		return append(tokens, mavenToken{number: true, hyphen: hyphen})
	}
	for part != "" {
		i, number := 1, isDigit(part[0])
		for i < len(part) && isDigit(part[i]) == number {
			i++
		}
		tokens = append(tokens, mavenToken{text: part[:i], number: number, hyphen: hyphen, digit: i < len(part)})
		part, hyphen = part[i:], true
	}
	return tokens
}

// Where qualifiers stand; the end is the release. Numbers come after all of
// them.
const (
	mavenAlpha = iota
	mavenBeta
	mavenMilestone
	mavenCandidate
	mavenSnapshot
	mavenRelease
	mavenServicePack
	mavenOther
	mavenHyphenNumber
	mavenNumber
)

var mavenQualifiers = [...]struct {
	name  string
	place int
}{
	{"alpha", mavenAlpha}, {"beta", mavenBeta}, {"milestone", mavenMilestone}, {"rc", mavenCandidate}, {"cr", mavenCandidate},
	{"snapshot", mavenSnapshot}, {"ga", mavenRelease}, {"final", mavenRelease}, {"release", mavenRelease}, {"sp", mavenServicePack},
}

func (t *mavenToken) qualifier() int {
	if t.digit && len(t.text) == 1 {
		switch toLower(t.text[0]) {
		case 'a':
			return mavenAlpha
		case 'b':
			return mavenBeta
		case 'm':
			return mavenMilestone
		}
	}
	for _, q := range mavenQualifiers {
		if len(q.name) == len(t.text) && strings.EqualFold(q.name, t.text) {
			return q.place
		}
	}
	return mavenOther
}

func (t *mavenToken) place() int {
	switch {
	case t == nil:
		return mavenRelease
	case !t.number:
		return t.qualifier()
	case t.hyphen:
		return mavenHyphenNumber
	}
	return mavenNumber
}

func (t *mavenToken) compare(other *mavenToken) int {
	place := t.place()
	if n := sign(place - other.place()); n != 0 {
		return n
	}
	switch place {
	case mavenHyphenNumber, mavenNumber:
		return compareNumbers(t.text, other.text)
	case mavenOther:
		return compareFold(t.text, other.text)
	}
	return 0
}

// compareStrictly also tells a qualifier after a dot from one after a hyphen.
func (t *mavenToken) compareStrictly(other *mavenToken) int {
	n := t.compare(other)
	if n != 0 || t.place() == mavenRelease || t.number {
		return n
	}
	return sign(count(t.hyphen) - count(other.hyphen))
}
