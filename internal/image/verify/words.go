package verify

import (
	"fmt"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/lang"
)

// noPolicy is what is missing to verify signatures of Notation.
var noPolicy = lang.Text{EN: "no trust policy", ZH: "信任策略"}

// noWatchingPolicy is what is missing where the policy exempts an image.
var noWatchingPolicy = lang.Text{EN: "no policy that looks at it", ZH: "要求检查它的策略"}

func when(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

// trusting is who trusts a signer: the statement of the policy.
func (c *checking) trusting() lang.Text {
	return lang.Text{
		EN: fmt.Sprintf("statement %q of the trust policy", c.statement.Name),
		ZH: fmt.Sprintf("信任策略的语句 %q", c.statement.Name),
	}
}

// stores are the trust stores of the statement.
func (c *checking) stores() lang.Text {
	names := strings.Join(c.statement.TrustStores, ", ")
	return lang.Text{
		EN: fmt.Sprintf("the trust stores of statement %q (%s)", c.statement.Name, names),
		ZH: fmt.Sprintf("语句 %q 的信任库（%s）", c.statement.Name, names),
	}
}

// saysRevoked says who withdrew a certificate, when, and how old the word is.
func saysRevoked(r trust.Revocation) lang.Text {
	return lang.Text{
		EN: fmt.Sprintf("%q, since %s, by the %s answer of %s, which is %s old", r.Certificate, when(r.RevokedAt), strings.ToUpper(string(r.Method)), r.Server, r.Age),
		ZH: fmt.Sprintf("%q，自 %s 起，依据 %s 的 %s 答复（已有 %s）", r.Certificate, when(r.RevokedAt), r.Server, strings.ToUpper(string(r.Method)), r.Age),
	}
}

// saysUnknown says who did not answer about a certificate, and why.
func saysUnknown(r trust.Revocation) lang.Text {
	text := lang.Text{
		EN: fmt.Sprintf("%q, asked of %s by %s: %s", r.Certificate, r.Server, strings.ToUpper(string(r.Method)), r.Error),
		ZH: fmt.Sprintf("%q，经 %[3]s 向 %[2]s 查询：%[4]s", r.Certificate, r.Server, strings.ToUpper(string(r.Method)), r.Error),
	}
	if r.Age != "" {
		text.EN += fmt.Sprintf(" (the answer is %s old)", r.Age)
		text.ZH += fmt.Sprintf("（该答复已有 %s）", r.Age)
	}
	return text
}

var (
	// givenRoots are the authorities that identities are certified by.
	givenRoots = lang.Text{EN: "the root certificates that you gave", ZH: "您提供的根证书"}
	// noDigest is what a statement signs that names nothing by SHA-256.
	noDigest = lang.Text{EN: "which it does not name by SHA-256", ZH: "（未给出 SHA-256）"}
	// yourChoice trusts the identities on the command line.
	yourChoice = lang.Text{EN: "your command", ZH: "您的命令"}
)
