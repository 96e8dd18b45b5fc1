package sbom

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/foilsec/foil/internal/bill/license"
)

// references are the licenses of a document that are on no list. The format
// takes them under names that the document explains.
type references struct {
	list   []spdxLicense
	byText map[string]string
	taken  map[string]bool
}

// declared is the expression for the licenses of a package.
func (r *references) declared(texts []string) string {
	var expressions []string
	for _, text := range texts {
		if strings.TrimSpace(text) == "" {
			continue
		}
		expression, ok := license.Expression(text)
		if !ok || strings.Contains(expression, "LicenseRef-") { // of another document: its text is not known here
			expression = r.reference(text)
		}
		expressions = append(expressions, expression)
	}
	switch len(expressions) {
	case 0:
		return noAssertion
	case 1:
		if len(license.Conjuncts(expressions[0])) == 1 {
			return expressions[0]
		}
	}
	return license.Conjunction(expressions)
}

func (r *references) reference(text string) string {
	if id, known := r.byText[text]; known {
		return id
	}
	sum := sha256.Sum256([]byte(text))
	id := "LicenseRef-" + readable(text)
	if r.taken[id] || id == "LicenseRef-" {
		id += "-" + hex.EncodeToString(sum[:8])
	}
	r.byText[text], r.taken[id] = id, true
	r.list = append(r.list, spdxLicense{ID: id, Name: text, Text: text})
	return id
}

// readable is a short text in the letters that identifiers may have.
func readable(text string) string {
	const most = 60
	mapped := strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.':
			return c
		}
		return '-'
	}, text[:min(len(text), most)])
	return strings.Trim(mapped, "-.")
}
