package trust

import (
	"strings"
	"testing"
	"time"
)

func TestConclude(t *testing.T) {
	sig := func(c Code, predicate string) Signature {
		return Signature{State: c.State(), Reason: Reason{Code: c}, Predicate: predicate}
	}
	for name, c := range map[string]struct {
		signatures []Signature
		state      State
		code       Code
	}{
		"none":                           {nil, Unsigned, NotSigned},
		"only a statement":               {[]Signature{sig(Verified, "https://slsa.dev/provenance/v1")}, Unsigned, NotSigned},
		"a statement that signs":         {[]Signature{sig(Verified, SignPredicate)}, Trusted, Verified},
		"one good among bad":             {[]Signature{sig(UntrustedRoot, ""), sig(Verified, ""), sig(RevocationUnknown, "")}, Trusted, Verified},
		"unknown before bad":             {[]Signature{sig(UntrustedRoot, ""), sig(RevocationUnknown, "")}, Unchecked, RevocationUnknown},
		"bad before what nobody can try": {[]Signature{sig(NothingToVerifyWith, ""), sig(UntrustedRoot, "")}, NotTrusted, UntrustedRoot},
		"nothing to try with":            {[]Signature{sig(NothingToVerifyWith, "")}, Unchecked, NothingToVerifyWith},
	} {
		r := Result{Reference: "k", Signatures: c.signatures}
		r.Conclude()
		if r.State != c.state || r.Reason.Code != c.code {
			t.Errorf("%s: %s (%s), want %s (%s)", name, r.State, r.Reason.Code, c.state, c.code)
		}
	}
}

// codes are all codes, with the number of their particulars.
var codes = map[Code]int{
	Verified: 2, NotSigned: 1, Exempted: 1, NoStatement: 2, RegistryDown: 2, AccessDenied: 2, NotFound: 1, ManifestDamaged: 2, TooMany: 2,
	Damaged: 1, OtherImage: 1, UntrustedRoot: 2, TrustStore: 2, WrongIdentity: 3, SignatureExpired: 1, CertificateExpired: 2, CertificateTooNew: 2,
	TimestampMissing: 1, TimestampBad: 1, TimestampRevoked: 1, TimestampUnknown: 1, CertificateRevoked: 1, RevocationUnknown: 1, MetadataMissing: 1,
	PluginFailed: 1, NotVerifiable: 1, NothingToVerifyWith: 2, WrongKey: 1, NoTrustedTime: 4, LogEntryBad: 1, CertificateLogBad: 1,
}

func TestEveryCodeHasItsSentence(t *testing.T) {
	for code, count := range codes {
		particulars := make([]any, count)
		for i := range particulars {
			particulars[i] = 7 // fits every placeholder
		}
		r := Because(code, particulars...)
		if !r.Text.Complete() || r.Text.EN == string(code) {
			t.Errorf("%s has no sentence", code)
		}
		for _, text := range []string{r.Text.EN, r.Text.ZH} {
			if strings.Contains(text, "%!(") || strings.Contains(text, "%!s(BAD") {
				t.Errorf("%s: %s", code, text)
			}
		}
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 30 * time.Second: "30s", 90 * time.Minute: "1h30m", 47 * time.Hour: "47h0m", 50 * time.Hour: "2d2h",
	} {
		if got := Age(d); got != want {
			t.Errorf("Age(%s) = %s, want %s", d, got, want)
		}
	}
}
