package verify_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/sign"
	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/image/verify"
)

// statement is one statement of a trust policy that a test may change.
type statement map[string]any

func strict(change ...func(statement)) statement {
	s := statement{
		"name": "shop", "registryScopes": []string{"*"},
		"signatureVerification": map[string]any{"level": "strict"},
		"trustStores":           []string{"ca:shop"},
		"trustedIdentities":     []string{"x509.subject: C=DE, ST=Berlin, O=Shop"},
	}
	for _, c := range change {
		c(s)
	}
	return s
}

func level(name string) func(statement) {
	return func(s statement) { s["signatureVerification"] = map[string]any{"level": name} }
}

func policy(t testing.TB, statements ...statement) *verify.Policy {
	t.Helper()
	data, err := json.Marshal(map[string]any{"version": "1.0", "trustPolicies": statements})
	if err != nil {
		t.Fatal(err)
	}
	p, err := verify.ParsePolicy(data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// store is a trust store with one certificate.
func store(t testing.TB, kind string, certificate *x509.Certificate) string {
	t.Helper()
	folder := t.TempDir()
	imagetest.Write(t, filepath.Join(folder, "x509", kind, "shop", "root.pem"), imagetest.CertificatesPEM(certificate))
	return folder
}

func check(t testing.TB, l registry.Location, o verify.Options) trust.Result {
	t.Helper()
	v, err := verify.New(o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := v.CheckAt(context.Background(), l)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// want checks state and code of a result, and that the sentence has words in it.
func want(t testing.TB, r trust.Result, state trust.State, code trust.Code, words ...string) {
	t.Helper()
	if r.State != state || r.Reason.Code != code {
		t.Errorf("%s: %s (%s): %s, want %s (%s)", r.Reference, r.State, r.Reason.Code, r.Reason.Text.EN, state, code)
	}
	if !r.Reason.Text.Complete() {
		t.Errorf("%s: the reason is not in both languages: %+v", r.Reference, r.Reason.Text)
	}
	if strings.Contains(r.Reason.Text.EN, "%!") || strings.Contains(r.Reason.Text.ZH, "%!") {
		t.Errorf("a sentence is not filled in: %+v", r.Reason.Text)
	}
	for _, word := range words {
		if !strings.Contains(r.Reason.Text.EN, word) {
			t.Errorf("reason %q does not say %q", r.Reason.Text.EN, word)
		}
		if !strings.Contains(r.Reason.Text.ZH, word) {
			t.Errorf("reason %q does not say %q", r.Reason.Text.ZH, word)
		}
	}
}

// places are where an image may be, each with one image.
func places(t *testing.T) map[string]registry.Location {
	t.Helper()
	layout, folder := imagetest.Layout(t)
	d := imagetest.Push(t, layout, "v1", "one")
	places := map[string]registry.Location{
		"layout by tag":    {Layout: folder, Repository: "local/layout", Tag: "v1"},
		"layout by digest": {Layout: folder, Repository: "local/layout", Digest: d.Digest.String()},
	}
	for name, referrers := range map[string]bool{"registry": true, "older registry": false} {
		repository := imagetest.Registry(t, referrers) + "/shop/kitchen"
		d := imagetest.Push(t, imagetest.Repository(t, repository), "v1", name)
		places[name+" by tag"] = registry.Location{Repository: repository, Tag: "v1"}
		places[name+" by digest"] = registry.Location{Repository: repository, Digest: d.Digest.String()}
	}
	return places
}

func signWith(t testing.TB, l registry.Location, s imagetest.Signer, change func(*sign.Options)) sign.Signed {
	t.Helper()
	o := sign.Options{Agent: "foil-test"}
	o.Key.File, o.Key.Chain = s.Files(t)
	if change != nil {
		change(&o)
	}
	signed, err := sign.Sign(context.Background(), l, o)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestWhatIsSignedIsTrusted(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	signer := authority.Issue(t, "cook", authority.WithOCSP)
	options := verify.Options{Policy: policy(t, strict()), TrustStore: store(t, "ca", authority.Certificate)}
	for name, place := range places(t) {
		for _, format := range []sign.Format{sign.JWS, sign.COSE} {
			t.Run(name+" "+string(format), func(t *testing.T) {
				signed := signWith(t, place, signer, func(o *sign.Options) {
					o.Format, o.Expiry, o.Metadata = format, time.Hour, map[string]string{"build": string(format)}
				})
				r := check(t, place, options)
				want(t, r, trust.Trusted, trust.Verified, "CN=cook", `"shop"`)
				if r.Digest != signed.Digest || r.Statement != "shop" || r.Level != "strict" {
					t.Errorf("result %+v of signature %+v", r, signed)
				}
				s := find(t, r, signed.Signature)
				if s.Format != trust.Format("notation-"+string(format)) || len(s.Metadata) != 1 || s.Metadata["build"] != string(format) || s.ExpiresAt.IsZero() || len(s.Chain) != 2 {
					t.Errorf("signature %+v", s)
				}
				for _, c := range s.Checks {
					if c.Outcome != trust.Passed || c.Action != trust.Enforce {
						t.Errorf("check %+v", c)
					}
				}
				if len(s.Checks) != 6 || len(s.Revocations) != 1 {
					t.Errorf("%d checks, journal %+v", len(s.Checks), s.Revocations)
				}
			})
		}
	}
}

func TestUnsigned(t *testing.T) {
	options := verify.Options{Policy: policy(t, strict()), TrustStore: t.TempDir()}
	for name, place := range places(t) {
		t.Run(name, func(t *testing.T) {
			want(t, check(t, place, options), trust.Unsigned, trust.NotSigned, place.String())
			gone := place
			gone.Tag, gone.Digest = "gone", ""
			want(t, check(t, gone, options), trust.Unchecked, trust.NotFound, "gone")
		})
	}
	want(t, check(t, registry.Location{Repository: "127.0.0.1:1/shop", Tag: "v1"}, options), trust.Unchecked, trust.RegistryDown, "127.0.0.1:1")
}

func find(t testing.TB, r trust.Result, digest string) trust.Signature {
	t.Helper()
	for _, s := range r.Signatures {
		if s.Digest == digest {
			return s
		}
	}
	t.Fatalf("no signature %s among %+v", digest, r.Signatures)
	return trust.Signature{}
}

// signedLayout is a layout with one signed image.
func signedLayout(t testing.TB, s imagetest.Signer, change func(*sign.Options)) registry.Location {
	t.Helper()
	layout, folder := imagetest.Layout(t)
	imagetest.Push(t, layout, "v1", "one")
	l := registry.Location{Layout: folder, Repository: "local/layout", Tag: "v1"}
	signWith(t, l, s, change)
	return l
}

func TestEachFaultHasItsReason(t *testing.T) {
	authority, stranger := imagetest.NewAuthority(t, "root"), imagetest.NewAuthority(t, "stranger")
	trusted := store(t, "ca", authority.Certificate)
	cook := authority.Issue(t, "cook", authority.WithOCSP)
	withdrawn := authority.Issue(t, "withdrawn", authority.WithOCSP)
	listed := authority.Issue(t, "listed", authority.WithCRL)
	authority.Revoke(withdrawn.Chain[0])
	authority.Revoke(listed.Chain[0])
	silent := imagetest.NewAuthority(t, "silent")
	unheard := silent.Issue(t, "unheard", silent.WithOCSP)
	silent.Close()
	cases := []struct {
		name   string
		signer imagetest.Signer
		change func(*verify.Options)
		state  trust.State
		code   trust.Code
		words  []string
	}{
		{"unknown root", stranger.Issue(t, "thief", nil), nil, trust.NotTrusted, trust.UntrustedRoot, []string{"CN=thief", "ca:shop", `"shop"`}},
		{"other identity", cook, func(o *verify.Options) {
			o.Policy = policy(t, strict(func(s statement) { s["trustedIdentities"] = []string{"x509.subject: C=DE, ST=Berlin, O=Bank"} }))
		}, trust.NotTrusted, trust.WrongIdentity, []string{"CN=cook", "O=Bank"}},
		{"withdrawn by OCSP", withdrawn, nil, trust.NotTrusted, trust.CertificateRevoked, []string{"CN=withdrawn", "OCSP", authority.OCSP, "2h30m"}},
		{"withdrawn by list", listed, nil, trust.NotTrusted, trust.CertificateRevoked, []string{"CN=listed", "CRL", authority.CRL, "2h30m"}},
		{"authority is silent", unheard, func(o *verify.Options) { o.TrustStore = store(t, "ca", silent.Certificate) }, trust.Unchecked, trust.RevocationUnknown, []string{"CN=unheard", silent.OCSP, "503"}},
		{"no trust store", cook, func(o *verify.Options) { o.TrustStore = t.TempDir() }, trust.Unchecked, trust.TrustStore, []string{"shop"}},
		{"other scope", cook, func(o *verify.Options) {
			o.Policy = policy(t, strict(func(s statement) { s["registryScopes"] = []string{"registry.example/shop/kitchen"} }))
		}, trust.Unchecked, trust.NoStatement, []string{"local/layout"}},
		{"scope by name", cook, func(o *verify.Options) {
			o.Policy = policy(t, strict(func(s statement) { s["registryScopes"] = []string{"registry.example/shop/kitchen"} }))
			o.Scope = "registry.example/shop/kitchen"
		}, trust.Trusted, trust.Verified, nil},
		{"metadata", cook, func(o *verify.Options) { o.Metadata = map[string]string{"build": "7"} }, trust.NotTrusted, trust.MetadataMissing, []string{"build=7"}},
		{"exempt", cook, func(o *verify.Options) {
			o.Policy = policy(t, statement{"name": "lab", "registryScopes": []string{"*"}, "signatureVerification": map[string]any{"level": "skip"}})
		}, trust.Exempt, trust.Exempted, []string{`"lab"`}},
		{"no policy", cook, func(o *verify.Options) { o.Policy = nil }, trust.Unchecked, trust.NothingToVerifyWith, []string{"Notation"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := verify.Options{Policy: policy(t, strict()), TrustStore: trusted}
			if c.change != nil {
				c.change(&o)
			}
			want(t, check(t, signedLayout(t, c.signer, nil), o), c.state, c.code, c.words...)
		})
	}
}

func TestLevels(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	withdrawn := authority.Issue(t, "withdrawn", authority.WithOCSP)
	authority.Revoke(withdrawn.Chain[0])
	stranger := imagetest.NewAuthority(t, "stranger").Issue(t, "thief", nil)
	override := func(base, what, action string) func(statement) {
		return func(s statement) {
			s["signatureVerification"] = map[string]any{"level": base, "override": map[string]string{what: action}}
		}
	}
	cases := []struct {
		name   string
		signer imagetest.Signer
		change func(statement)
		state  trust.State
		kind   trust.Kind // whose check did not pass
		action trust.Action
		is     trust.Outcome
	}{
		{"strict", withdrawn, level("strict"), trust.NotTrusted, trust.Withdrawal, trust.Enforce, trust.Failed},
		{"permissive", withdrawn, level("permissive"), trust.Trusted, trust.Withdrawal, trust.Log, trust.Failed},
		{"audit", stranger, level("audit"), trust.Trusted, trust.Authenticity, trust.Log, trust.Failed},
		{"permissive wants a known signer", stranger, level("permissive"), trust.NotTrusted, trust.Authenticity, trust.Enforce, trust.Failed},
		{"strict, revocation logged", withdrawn, override("strict", "revocation", "log"), trust.Trusted, trust.Withdrawal, trust.Log, trust.Failed},
		{"strict, revocation skipped", withdrawn, override("strict", "revocation", "skip"), trust.Trusted, trust.Withdrawal, trust.Skip, trust.Skipped},
		{"audit, revocation enforced", withdrawn, override("audit", "revocation", "enforce"), trust.NotTrusted, trust.Withdrawal, trust.Enforce, trust.Failed},
	}
	trusted := store(t, "ca", authority.Certificate)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := check(t, signedLayout(t, c.signer, nil), verify.Options{Policy: policy(t, strict(c.change)), TrustStore: trusted})
			if r.State != c.state {
				t.Errorf("%s: %s, want %s", r.State, r.Reason.Text.EN, c.state)
			}
			for _, made := range r.Signatures[0].Checks {
				if made.Kind == c.kind && (made.Outcome != c.is || made.Action != c.action) {
					t.Errorf("check %+v, want %s by %s", made, c.is, c.action)
				}
			}
		})
	}
}

func TestRevocationListsAreKept(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	cook, thief := authority.Issue(t, "cook", authority.WithCRL), authority.Issue(t, "thief", authority.WithCRL)
	authority.Revoke(thief.Chain[0])
	good, bad := signedLayout(t, cook, nil), signedLayout(t, thief, nil)
	o := verify.Options{Policy: policy(t, strict()), TrustStore: store(t, "ca", authority.Certificate), CRLCache: t.TempDir(), Offline: true}
	want(t, check(t, good, o), trust.Unchecked, trust.RevocationUnknown, "CN=cook", "offline")

	o.Offline = false
	r := check(t, good, o)
	want(t, r, trust.Trusted, trust.Verified)
	if j := r.Signatures[0].Revocations; len(j) != 1 || j[0].FromCache || j[0].Method != trust.CRL || j[0].Status != trust.Good || j[0].Age != "2h30m" || j[0].Server != authority.CRL {
		t.Errorf("journal %+v", j)
	}

	authority.Close()
	o.Offline = true
	r = check(t, good, o)
	want(t, r, trust.Trusted, trust.Verified)
	if j := r.Signatures[0].Revocations; len(j) != 1 || !j[0].FromCache {
		t.Errorf("journal %+v: want a kept list", j)
	}
	want(t, check(t, bad, o), trust.NotTrusted, trust.CertificateRevoked, "CN=thief", "CRL")
	files, err := os.ReadDir(o.CRLCache)
	if err != nil || len(files) != 1 {
		t.Errorf("kept %v, %v", files, err)
	}
}

func TestListVerifiesNothing(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	l := signedLayout(t, authority.Issue(t, "cook", nil), nil)
	v, err := verify.New(verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := v.List(context.Background(), l)
	if err != nil || r.State != "" || len(r.Signatures) != 1 || !strings.Contains(r.Signatures[0].Signer, "CN=cook") || r.Signatures[0].State != "" {
		t.Errorf("%+v, %v", r, err)
	}
}
