package verify_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/image/verify"
)

const provenance = "https://slsa.dev/provenance/v1"

func keys(t testing.TB, s ...imagetest.Signer) []verify.PublicKey {
	t.Helper()
	var list []verify.PublicKey
	for _, one := range s {
		parsed, err := verify.ParsePublicKeys("cosign.pub", imagetest.PublicPEM(t, &one.Key.PublicKey))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, parsed...)
	}
	return list
}

func newSigner(t testing.TB) imagetest.Signer {
	t.Helper()
	return imagetest.Signer{Key: imagetest.NewKey(t)}
}

func TestCosignKeysInEveryForm(t *testing.T) {
	signer, other := newSigner(t), newSigner(t)
	good, wrong := verify.CosignOptions{Keys: keys(t, other, signer)}, verify.CosignOptions{Keys: keys(t, other)}
	forms := map[string]func(t *testing.T, place storage, digest string){
		"simple": func(t *testing.T, p storage, digest string) {
			payload := imagetest.SimplePayload(digest)
			imagetest.PushSimple(t, p.target, p.subject, payload, imagetest.SignBytes(t, signer.Key, payload), nil)
		},
		"bundle": func(t *testing.T, p storage, digest string) {
			envelope, _ := imagetest.DSSE(t, signer.Key, imagetest.Statement(digest, trust.SignPredicate))
			imagetest.PushBundle(t, p.target, p.subject, imagetest.Bundle(t, envelope, map[string]any{"publicKey": map[string]any{"hint": "h"}}))
		},
	}
	for form, push := range forms {
		for name, open := range storages {
			t.Run(form+" in "+name, func(t *testing.T) {
				p := open(t)
				push(t, p, p.subject.Digest.String())
				r := check(t, p.location, verify.Options{Cosign: good})
				want(t, r, trust.Trusted, trust.Verified, "cosign.pub")
				want(t, check(t, p.location, verify.Options{Cosign: wrong}), trust.NotTrusted, trust.WrongKey, "cosign.pub")
				want(t, check(t, p.location, verify.Options{}), trust.Unchecked, trust.NothingToVerifyWith, "Cosign")
				// A policy for Notation must not make a Cosign signature "unsigned".
				want(t, check(t, p.location, verify.Options{Policy: policy(t, strict()), TrustStore: t.TempDir()}), trust.Unchecked, trust.NothingToVerifyWith, "Cosign")

				p = open(t)
				push(t, p, "sha256:"+strings.Repeat("0", 64))
				want(t, check(t, p.location, verify.Options{Cosign: good}), trust.NotTrusted, trust.OtherImage, "sha256:00000")
			})
		}
	}
}

// TestKeysCountWhereThePolicyExempts checks that naming a key is a question of
// its own, whatever a policy for Notation says.
func TestKeysCountWhereThePolicyExempts(t *testing.T) {
	signer := newSigner(t)
	p := storages["layout"](t)
	skip := statement{"name": "lab", "registryScopes": []string{"*"}, "signatureVerification": map[string]any{"level": "skip"}}
	o := verify.Options{Policy: policy(t, skip), TrustStore: t.TempDir(), Cosign: verify.CosignOptions{Keys: keys(t, signer)}}
	want(t, check(t, p.location, o), trust.Unsigned, trust.NotSigned)
	signWith(t, p.location, imagetest.NewAuthority(t, "stranger").Issue(t, "thief", nil), nil)
	want(t, check(t, p.location, o), trust.Unchecked, trust.NothingToVerifyWith, "Notation")
	payload := imagetest.SimplePayload(p.subject.Digest.String())
	target, err := registry.OpenWritable(t.Context(), p.location, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	imagetest.PushSimple(t, target, p.subject, payload, imagetest.SignBytes(t, signer.Key, payload), nil)
	want(t, check(t, p.location, o), trust.Trusted, trust.Verified)
}

func TestCosignMessageSignature(t *testing.T) {
	signer := newSigner(t)
	p := storages["layout"](t)
	bundle := func(signed []byte) []byte {
		return imagetest.JSON(t, map[string]any{
			"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": map[string]any{},
			"messageSignature": map[string]any{"signature": imagetest.SignBytes(t, signer.Key, signed)},
		})
	}
	imagetest.PushBundle(t, p.target, p.subject, bundle([]byte("something else")))
	o := verify.Options{Cosign: verify.CosignOptions{Keys: keys(t, signer)}}
	want(t, check(t, p.location, o), trust.NotTrusted, trust.WrongKey)
	imagetest.PushBundle(t, p.target, p.subject, bundle(p.manifest(t)))
	want(t, check(t, p.location, o), trust.Trusted, trust.Verified)
}

func TestAttestationsAreNoSignatures(t *testing.T) {
	signer := newSigner(t)
	o := verify.Options{Cosign: verify.CosignOptions{Keys: keys(t, signer)}}
	for name, open := range storages {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			envelope, _ := imagetest.DSSE(t, signer.Key, imagetest.Statement(p.subject.Digest.String(), provenance))
			imagetest.PushAttestation(t, p.target, p.subject, envelope)
			imagetest.PushBundle(t, p.target, p.subject, imagetest.Bundle(t, envelope, map[string]any{}))
			r := check(t, p.location, o)
			want(t, r, trust.Unsigned, trust.NotSigned)
			if len(r.Signatures) != 2 {
				t.Fatalf("%d statements, want 2", len(r.Signatures))
			}
			for _, s := range r.Signatures {
				if s.State != trust.Trusted || s.Predicate != provenance {
					t.Errorf("statement %+v", s)
				}
			}
		})
	}
}

// keyless is a signer whom an authority certified for an identity.
func keyless(t testing.TB, a *imagetest.Authority, change func(*x509.Certificate)) imagetest.Signer {
	t.Helper()
	issuer, err := asn1.Marshal("https://login.example")
	if err != nil {
		t.Fatal(err)
	}
	return a.Issue(t, "", func(c *x509.Certificate) {
		c.Subject = pkix.Name{}
		c.URIs = []*url.URL{{Scheme: "https", Host: "ci.example", Path: "/shop/kitchen"}}
		c.NotBefore = time.Now().Add(-2 * imagetest.Day)
		c.NotAfter = c.NotBefore.Add(10 * time.Minute)
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, 8}, Value: issuer}}
		if change != nil {
			change(c)
		}
	})
}

func TestCosignIdentities(t *testing.T) {
	authority, clocks := imagetest.NewAuthority(t, "fulcio"), imagetest.NewAuthority(t, "clocks")
	clock := clocks.NewTimeAuthority(t, nil)
	log, otherLog := imagetest.Log{Key: imagetest.NewKey(t)}, imagetest.Log{Key: imagetest.NewKey(t)}
	signer := keyless(t, authority, nil)
	signedAt := signer.Chain[0].NotBefore.Add(time.Minute)
	clock.Now = func() time.Time { return signedAt }
	base := verify.CosignOptions{
		Roots: []*x509.Certificate{authority.Certificate}, TimeRoots: []*x509.Certificate{clocks.Certificate},
		LogKeys:    keys(t, imagetest.Signer{Key: log.Key}),
		Identities: []verify.Identity{{Subject: "https://ci.example/shop/kitchen", IssuerPattern: `https://login\.example`}},
	}
	logged := func(l imagetest.Log, at time.Time) func(*parts) {
		return func(p *parts) {
			p.material["tlogEntries"] = []any{l.Entry(t, imagetest.Enveloped(t, p.payload, p.signature, imagetest.CertificatePEM(p.signer.Chain[0])), at)}
		}
	}
	stamped := func(p *parts) {
		p.material["timestampVerificationData"] = map[string]any{"rfc3161Timestamps": []any{map[string]any{"signedTimestamp": clock.Timestamp(t, p.signature)}}}
	}
	cases := []struct {
		name   string
		parts  func(*parts)
		change func(*verify.CosignOptions)
		state  trust.State
		code   trust.Code
		words  []string
	}{
		{"in a log", logged(log, signedAt), nil, trust.Trusted, trust.Verified, []string{"https://ci.example/shop/kitchen"}},
		{"with a timestamp", stamped, nil, trust.Trusted, trust.Verified, nil},
		{"without proof of time", nil, nil, trust.Unchecked, trust.NoTrustedTime, []string{"https://ci.example/shop/kitchen"}},
		{"in an unknown log", logged(otherLog, signedAt), nil, trust.Unchecked, trust.NoTrustedTime, nil},
		{"in a log too late", logged(log, signedAt.Add(time.Hour)), nil, trust.NotTrusted, trust.CertificateExpired, nil},
		{"in a log too early", logged(log, signedAt.Add(-time.Hour)), nil, trust.NotTrusted, trust.CertificateTooNew, nil},
		{"with the log entry of another", func(p *parts) {
			p.material["tlogEntries"] = []any{log.Entry(t, imagetest.Enveloped(t, []byte("other"), p.signature, imagetest.CertificatePEM(p.signer.Chain[0])), signedAt)}
		}, nil, trust.Unchecked, trust.NoTrustedTime, []string{"another signature"}},
		{"log required, only a timestamp", stamped, func(o *verify.CosignOptions) { o.RequireLog = true }, trust.Unchecked, trust.NoTrustedTime, []string{"required"}},
		{"other subject", logged(log, signedAt), func(o *verify.CosignOptions) {
			o.Identities = []verify.Identity{{Subject: "https://ci.example/shop", Issuer: "https://login.example"}}
		}, trust.NotTrusted, trust.WrongIdentity, []string{"https://ci.example/shop/kitchen", "https://login.example"}},
		{"other issuer", logged(log, signedAt), func(o *verify.CosignOptions) {
			o.Identities = []verify.Identity{{SubjectPattern: ".*", Issuer: "https://login"}}
		}, trust.NotTrusted, trust.WrongIdentity, nil},
		{"unknown root", logged(log, signedAt), func(o *verify.CosignOptions) { o.Roots = []*x509.Certificate{clocks.Certificate} }, trust.NotTrusted, trust.UntrustedRoot, nil},
		{"no certificate log", logged(log, signedAt), func(o *verify.CosignOptions) { o.CertificateLogKeys = o.LogKeys }, trust.NotTrusted, trust.CertificateLogBad, nil},
		{"other key", func(p *parts) { p.signer.Key = imagetest.NewKey(t) }, nil, trust.NotTrusted, trust.Damaged, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := base
			if c.change != nil {
				c.change(&o)
			}
			p := storages["layout"](t)
			made := &parts{signer: signer, payload: imagetest.Statement(p.subject.Digest.String(), trust.SignPredicate)}
			imagetest.PushBundle(t, p.target, p.subject, made.bundle(t, c.parts))
			r := check(t, p.location, verify.Options{Cosign: o})
			want(t, r, c.state, c.code, c.words...)
			if s := r.Signatures[0]; s.Signer != "https://ci.example/shop/kitchen" || s.Issuer != "https://login.example" || len(s.Chain) == 0 {
				t.Errorf("signature %+v", s)
			}
		})
	}
}

// parts are the parts of a bundle that a test may change.
type parts struct {
	signer    imagetest.Signer
	payload   []byte
	signature []byte
	material  map[string]any
}

func (p *parts) bundle(t testing.TB, change func(*parts)) []byte {
	t.Helper()
	p.material = map[string]any{"certificate": map[string]any{"rawBytes": p.signer.Chain[0].Raw}}
	_, p.signature = imagetest.DSSE(t, p.signer.Key, p.payload)
	old := maps.Clone(p.material)
	if change != nil {
		change(p)
	}
	envelope, signature := imagetest.DSSE(t, p.signer.Key, p.payload)
	if len(p.material) != len(old) { // the proof is about the first signature
		var e map[string]any
		if err := json.Unmarshal(envelope, &e); err != nil {
			t.Fatal(err)
		}
		e["signatures"] = []any{map[string]any{"sig": p.signature}}
		envelope, signature = imagetest.JSON(t, e), p.signature
	}
	p.signature = signature
	return imagetest.Bundle(t, envelope, p.material)
}

func TestCosignIdentityInTheOlderForm(t *testing.T) {
	authority := imagetest.NewAuthority(t, "fulcio")
	log := imagetest.Log{Key: imagetest.NewKey(t)}
	signer := keyless(t, authority, nil)
	p := storages["registry"](t)
	payload := imagetest.SimplePayload(p.subject.Digest.String())
	signature := imagetest.SignBytes(t, signer.Key, payload)
	certificate := imagetest.CertificatePEM(signer.Chain[0])
	imagetest.PushSimple(t, p.target, p.subject, payload, signature, map[string]string{
		"dev.sigstore.cosign/certificate": string(certificate), "dev.sigstore.cosign/chain": string(imagetest.CertificatesPEM(authority.Certificate)),
		"dev.sigstore.cosign/bundle": log.Annotation(t, imagetest.Hashed(t, payload, signature, certificate), signer.Chain[0].NotBefore.Add(time.Minute)),
	})
	o := verify.CosignOptions{
		Roots: []*x509.Certificate{authority.Certificate}, LogKeys: keys(t, imagetest.Signer{Key: log.Key}), RequireLog: true,
		Identities: []verify.Identity{{SubjectPattern: `https://ci\.example/.*`, Issuer: "https://login.example"}},
	}
	r := check(t, p.location, verify.Options{Cosign: o})
	want(t, r, trust.Trusted, trust.Verified, "https://ci.example/shop/kitchen")
	if s := r.Signatures[0]; s.TimeProof != "transparency-log" || s.Metadata["team"] != "kitchen" || s.Format != trust.Cosign {
		t.Errorf("signature %+v", s)
	}
	o.Keys, o.Identities = keys(t, signer), nil
	want(t, check(t, p.location, verify.Options{Cosign: o}), trust.Trusted, trust.Verified, "cosign.pub")
	o.LogKeys = nil
	want(t, check(t, p.location, verify.Options{Cosign: o}), trust.NotTrusted, trust.LogEntryBad)
}

func TestIdentitiesThatMakeNoSense(t *testing.T) {
	root := []*x509.Certificate{imagetest.NewAuthority(t, "root").Certificate}
	for name, o := range map[string]verify.CosignOptions{
		"no root":    {Identities: []verify.Identity{{Subject: "a", Issuer: "b"}}},
		"no issuer":  {Identities: []verify.Identity{{Subject: "a"}}, Roots: root},
		"no subject": {Identities: []verify.Identity{{Issuer: "a"}}, Roots: root},
		"pattern":    {Identities: []verify.Identity{{SubjectPattern: "(", Issuer: "a"}}, Roots: root},
	} {
		if _, err := verify.New(verify.Options{Cosign: o}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
