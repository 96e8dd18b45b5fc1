package secret

import (
	"strings"

	"github.com/foilsec/foil/internal/artifact"
)

// mostSecrets is how many one file is reported for.
const mostSecrets = 50

// scan is one text that is being looked at.
type scan struct {
	path  string
	text  string
	found []artifact.Secret
}

// add enters a find; one of a kind counts for each line.
func (s *scan) add(rule, title string, at int, shown string) {
	line := lineOf(s.text, at)
	for i := range s.found {
		if s.found[i].Rule == rule && s.found[i].Line == line {
			return
		}
	}
	if len(s.found) < mostSecrets {
		s.found = append(s.found, artifact.Secret{Rule: rule, Title: title, Path: s.path, Line: line, Layer: -1, Redacted: shown})
	}
}

// everywhere looks for what can be recognised wherever it stands.
func (s *scan) everywhere(tokens []token) {
	for i := range tokens {
		k := &tokens[i]
		k.find(s.text, func(at int, body string) {
			if k.rule != "aws-access-key" || hasAmazonSecret(s.text, at, body) {
				s.add(k.rule, k.title, at, k.redacted())
			}
		})
	}
	keys(s.text, func(at int, title string) {
		rule := "private-key"
		if strings.Contains(s.text, `"service_account"`) {
			rule, title = "gcp-service-account", "Google service account key"
		}
		s.add(rule, title, at, "")
	})
	webTokens(s.text, func(at int) { s.add("jwt", "signed web token (JWT)", at, "eyJ…") })
}

// redacted is as much of a token as may be shown: four characters of what all
// of its kind begin with.
func (k *token) redacted() string {
	if !k.shown {
		return ""
	}
	return k.prefix[:min(len(k.prefix), 4)] + "…"
}

// hasAmazonSecret looks around an access key for its secret: the key by itself
// opens nothing.
func hasAmazonSecret(text string, at int, body string) bool {
	const near, length = 400, 40
	around := text[max(at-near, 0):min(at+near, len(text))]
	for _, word := range strings.FieldsFunc(around, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '/' || r == '+')
	}) {
		if len(word) == length && !strings.Contains(word, body) && entropy(word) >= 4 && !isPlaceholder(word) && strings.ContainsAny(word, "0123456789") {
			return true
		}
	}
	return false
}
