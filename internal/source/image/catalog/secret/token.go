package secret

import (
	"hash/crc32"
	"strings"
)

// token is a kind of credential that its maker lets begin in a way of its own,
// so that it can be recognised.
type token struct {
	rule, title string
	prefix      string
	least, most int // characters behind the prefix
	letters     *letters
	valid       func(body string) bool // nil when its letters are all there is to check
	shown       bool                   // its prefix names the kind alone, and may be shown
}

// letters is a set of characters.
type letters [256]bool

func lettersOf(ranges string) *letters {
	var set letters
	for i := 0; i+1 < len(ranges); i += 2 {
		for c := int(ranges[i]); c <= int(ranges[i+1]); c++ {
			set[c] = true
		}
	}
	return &set
}

// knownTokens are the kinds, as their makers describe them.
func knownTokens() []token {
	plain, upper, hexadecimal := lettersOf("azAZ09"), lettersOf("AZ27"), lettersOf("af09")
	dashed, dotted := lettersOf("azAZ09__--"), lettersOf("azAZ09__--..")
	return []token{
		{rule: "github-token", title: "GitHub token", prefix: "ghp_", least: 36, most: 36, letters: plain, valid: sumOfGitHub, shown: true},
		{rule: "github-token", title: "GitHub OAuth token", prefix: "gho_", least: 36, most: 36, letters: plain, valid: sumOfGitHub, shown: true},
		{rule: "github-token", title: "GitHub user token", prefix: "ghu_", least: 36, most: 36, letters: plain, valid: sumOfGitHub, shown: true},
		{rule: "github-token", title: "GitHub server token", prefix: "ghs_", least: 36, most: 36, letters: plain, valid: sumOfGitHub, shown: true},
		{rule: "github-token", title: "GitHub refresh token", prefix: "ghr_", least: 76, most: 76, letters: plain, valid: sumOfGitHub, shown: true},
		{rule: "github-token", title: "GitHub token", prefix: "github_pat_", least: 82, most: 82, letters: dashed, shown: true},
		{rule: "gitlab-token", title: "GitLab token", prefix: "glpat-", least: 20, most: 60, letters: dotted, shown: true},
		{rule: "gitlab-token", title: "GitLab runner token", prefix: "glrt-", least: 20, most: 60, letters: dotted, shown: true},
		{rule: "gitlab-token", title: "GitLab deploy token", prefix: "gldt-", least: 20, most: 60, letters: dashed, shown: true},
		{rule: "npm-token", title: "npm token", prefix: "npm_", least: 36, most: 36, letters: plain, valid: sumOfGitHub, shown: true},
		{rule: "pypi-token", title: "PyPI token", prefix: "pypi-AgEIcHlwaS5vcmc", least: 60, most: 400, letters: dashed, shown: true},
		{rule: "pypi-token", title: "PyPI token", prefix: "pypi-AgENdGVzdC5weXBpLm9yZ", least: 60, most: 400, letters: dashed, shown: true},
		{rule: "slack-token", title: "Slack bot token", prefix: "xoxb-", least: 20, most: 100, letters: dashed, valid: hasDigits, shown: true},
		{rule: "slack-token", title: "Slack user token", prefix: "xoxp-", least: 20, most: 100, letters: dashed, valid: hasDigits, shown: true},
		{rule: "slack-token", title: "Slack app token", prefix: "xapp-", least: 60, most: 120, letters: dashed, valid: hasDigits, shown: true},
		{rule: "slack-webhook", title: "Slack webhook", prefix: "hooks.slack.com/services/T", least: 30, most: 60, letters: lettersOf("azAZ09//"), valid: hasTwoSlashes},
		{rule: "gcp-api-key", title: "Google API key", prefix: "AIza", least: 35, most: 35, letters: dashed, shown: true},
		{rule: "gcp-oauth-secret", title: "Google OAuth client secret", prefix: "GOCSPX-", least: 28, most: 28, letters: dashed, shown: true},
		{rule: "azure-storage-key", title: "Azure storage account key", prefix: "AccountKey=", least: 86, most: 88, letters: lettersOf("azAZ09++//==")},
		{rule: "stripe-key", title: "Stripe secret key", prefix: "sk_live_", least: 20, most: 120, letters: plain, shown: true},
		{rule: "stripe-key", title: "Stripe restricted key", prefix: "rk_live_", least: 20, most: 120, letters: plain, shown: true},
		{rule: "sendgrid-key", title: "SendGrid API key", prefix: "SG.", least: 66, most: 66, letters: dotted, valid: isSendGrid, shown: true},
		{rule: "digitalocean-token", title: "DigitalOcean token", prefix: "dop_v1_", least: 64, most: 64, letters: hexadecimal, shown: true},
		{rule: "huggingface-token", title: "Hugging Face token", prefix: "hf_", least: 34, most: 34, letters: lettersOf("azAZ"), shown: true},
		{rule: "openai-key", title: "OpenAI API key", prefix: "sk-proj-", least: 40, most: 200, letters: dashed, shown: true},
		{rule: "anthropic-key", title: "Anthropic API key", prefix: "sk-ant-", least: 80, most: 140, letters: dashed, shown: true},
		{rule: "vault-token", title: "HashiCorp Vault token", prefix: "hvs.", least: 24, most: 200, letters: dashed, shown: true},
		{rule: "age-key", title: "age secret key", prefix: "AGE-SECRET-KEY-1", least: 58, most: 58, letters: upperDigits(), shown: true},
		{rule: "aws-access-key", title: "AWS access key with its secret", prefix: "AKIA", least: 16, most: 16, letters: upper, shown: true},
		{rule: "aws-access-key", title: "AWS temporary key with its secret", prefix: "ASIA", least: 16, most: 16, letters: upper, shown: true},
	}
}

func upperDigits() *letters { return lettersOf("AZ09") }

// find calls back for every credential of the kind in a text.
func (k *token) find(text string, found func(at int, body string)) {
	for from := 0; ; {
		next := strings.Index(text[from:], k.prefix)
		if next < 0 {
			return
		}
		at := from + next
		from = at + len(k.prefix)
		end := from
		for end < len(text) && k.letters[text[end]] {
			end++
		}
		body := text[from:end]
		if begins(text, at) && len(body) >= k.least && len(body) <= k.most && looksRandom(body) && (k.valid == nil || k.valid(body)) {
			found(at, body)
		}
	}
}

// begins reports whether a word begins at a place.
func begins(text string, at int) bool {
	if at == 0 {
		return true
	}
	c := text[at-1]
	return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_')
}

// sumOfGitHub checks the last six characters: the CRC-32 of those before, in
// base 62. npm took over the form.
func sumOfGitHub(body string) bool {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	cut := len(body) - 6
	sum := crc32.ChecksumIEEE([]byte(body[:cut]))
	for i := len(body) - 1; i >= cut; i-- {
		if body[i] != digits[sum%62] {
			return false
		}
		sum /= 62
	}
	return true
}

func hasDigits(body string) bool     { return strings.ContainsAny(body, "0123456789") }
func hasTwoSlashes(body string) bool { return strings.Count(body, "/") == 2 }
func isSendGrid(body string) bool    { return body[22] == '.' && strings.Count(body, ".") == 1 }
