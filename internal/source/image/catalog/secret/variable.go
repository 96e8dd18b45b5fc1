package secret

import (
	"strings"

	"github.com/foilsec/foil/internal/artifact"
)

// isSecretName reports whether a variable is called as those are that hold
// credentials.
func isSecretName(name string) bool {
	name = strings.ToUpper(strings.TrimSpace(name))
	for _, end := range [...]string{"_FILE", "_PATH", "_URL", "_URI", "_NAME", "_ID", "_LENGTH", "_TTL", "_EXPIRES", "_EXPIRY", "_TYPE", "_ALGORITHM", "_HASH", "_SHA256", "_DIR"} {
		if strings.HasSuffix(name, end) {
			return false
		}
	}
	for _, word := range [...]string{"PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY", "AUTH_KEY", "ENCRYPTION_KEY", "CREDENTIAL"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return strings.HasSuffix(name, "_PWD") || strings.HasSuffix(name, "_PASS")
}

// isSecretValue reports whether a value can be a credential: neither a word of
// templates, nor a path, nor a switch.
func isSecretValue(value string) bool {
	value = strings.Trim(strings.TrimSpace(value), `"'`)
	return len(value) >= 8 && !strings.ContainsAny(value, " \t") && !strings.HasPrefix(value, "/") && !isPlaceholder(value) && entropy(value) >= 2.5
}

// Environment looks at the variables that an image sets, "NAME=value".
func Environment(env []string) []artifact.Secret {
	tokens := knownTokens()
	var found []artifact.Secret
	for _, variable := range env {
		name, value, _ := strings.Cut(variable, "=")
		s := scan{path: "environment: " + name, text: bounded(value)}
		s.everywhere(tokens)
		urls(&s)
		if len(s.found) == 0 && isSecretName(name) && isSecretValue(value) {
			s.add("env-secret", "password or key in a variable", 0, "")
		}
		found = append(found, withoutLines(s.found)...)
	}
	return found
}

// longestText is how much of a variable or of a build step is looked at.
const longestText = 64 << 10

func bounded(text string) string { return text[:min(len(text), longestText)] }

// Command looks at a build step, as the history of an image has it.
func Command(history string) []artifact.Secret {
	s := scan{path: "history", text: bounded(history)}
	s.everywhere(knownTokens())
	urls(&s)
	for word := range strings.FieldsSeq(s.text) {
		name, value, found := strings.Cut(strings.TrimLeft(word, "-|"), "=")
		if found && isSecretName(strings.ReplaceAll(name, "-", "_")) && isSecretValue(value) {
			s.add("command-secret", "password or key in a build step", max(strings.Index(s.text, word), 0), "")
		}
	}
	return withoutLines(s.found)
}

// withoutLines forgets lines where there are none.
func withoutLines(found []artifact.Secret) []artifact.Secret {
	for i := range found {
		found[i].Line = 0
	}
	return found
}
