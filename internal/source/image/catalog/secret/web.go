package secret

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
)

// longestWebToken is more than any server takes in a header.
const longestWebToken = 16 << 10

// webTokens finds signed tokens: three parts, the first two of which are JSON
// that says how it is signed and for whom (RFC 7519).
func webTokens(text string, found func(at int)) {
	isLetter := lettersOf("azAZ09__--..")
	for from := 0; ; {
		next := strings.Index(text[from:], "eyJ")
		if next < 0 {
			return
		}
		at := from + next
		end := at
		for end < len(text) && end-at < longestWebToken && isLetter[text[end]] {
			end++
		}
		from = max(end, at+3)
		if begins(text, at) && isWebToken(text[at:end]) {
			found(at)
		}
	}
}

func isWebToken(text string) bool {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || len(parts[2]) < 20 {
		return false
	}
	var head struct {
		Algorithm string `json:"alg"`
	}
	var claims map[string]any
	if !decodes(parts[0], &head) || !decodes(parts[1], &claims) {
		return false
	}
	subject, _ := claims["sub"].(string)
	documentation := subject == "1234567890" // of the page that explains them
	return head.Algorithm != "" && head.Algorithm != "none" && len(claims) > 0 && !documentation
}

func decodes(part string, into any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(raw, into) == nil
}

// urlPasswords finds "scheme://user:password@host".
func urlPasswords(text string, found func(at int)) {
	for from := 0; ; {
		next := strings.Index(text[from:], "://")
		if next < 0 {
			return
		}
		at := from + next
		from = at + 3
		rest := text[from:min(from+512, len(text))]
		if end := strings.IndexAny(rest, "/ \t\r\n\"'`<>?#,;"); end >= 0 {
			rest = rest[:end]
		}
		login, host, has := cutLast(rest, '@')
		user, password, has2 := strings.Cut(login, ":")
		if !has || !has2 || host == "" || strings.ContainsAny(login, "${}[]()*\\%") && !isEscaped(login) {
			continue
		}
		if len(password) >= 6 && !isPlaceholder(password) && password != user && entropy(password) >= 2.5 {
			found(at)
		}
	}
}

// isEscaped reports whether a login holds nothing but what a URL may.
func isEscaped(login string) bool {
	_, err := url.PathUnescape(login)
	return err == nil && !strings.ContainsAny(login, "${}[]()*\\")
}

func cutLast(text string, separator byte) (before, after string, found bool) {
	if at := strings.LastIndexByte(text, separator); at >= 0 {
		return text[:at], text[at+1:], true
	}
	return text, "", false
}
