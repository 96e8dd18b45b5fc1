package verify_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crypto/x509"

	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/sign"
	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/image/verify"
)

// flip changes one letter of a file and leaves its size.
func flip(t *testing.T, path, old, changed string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte(old)) || len(old) != len(changed) {
		t.Fatalf("%s does not hold %q", path, old)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(data, []byte(old), []byte(changed), 1), 0o600); err != nil {
		t.Fatal(err)
	}
}

func blob(l registry.Location, digest string) string {
	return filepath.Join(l.Layout, "blobs", "sha256", strings.TrimPrefix(digest, "sha256:"))
}

func TestTamperedContent(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	cook := authority.Issue(t, "cook", nil)
	options := verify.Options{Policy: policy(t, strict()), TrustStore: store(t, "ca", authority.Certificate)}
	t.Run("manifest in a layout", func(t *testing.T) {
		l := signedLayout(t, cook, nil)
		r := check(t, l, options)
		want(t, r, trust.Trusted, trust.Verified)
		flip(t, blob(l, r.Digest), "2026-01-01", "2026-01-02")
		want(t, check(t, l, options), trust.NotTrusted, trust.ManifestDamaged, l.String())
	})
	t.Run("envelope in a layout", func(t *testing.T) {
		l := signedLayout(t, cook, nil)
		r := check(t, l, options)
		data, err := os.ReadFile(blob(l, r.Signatures[0].Digest))
		if err != nil {
			t.Fatal(err)
		}
		var manifest struct{ Layers []struct{ Digest string } }
		if err := json.Unmarshal(data, &manifest); err != nil {
			t.Fatal(err)
		}
		flip(t, blob(l, manifest.Layers[0].Digest), `"payload":"ey`, `"payload":"ez`)
		want(t, check(t, l, options), trust.NotTrusted, trust.Damaged)
	})
	t.Run("manifest in a registry", func(t *testing.T) {
		host := imagetest.Registry(t, true)
		d := imagetest.Push(t, imagetest.Repository(t, host+"/k"), "v1", "one")
		place := registry.Location{Repository: host + "/k", Tag: "v1"}
		signWith(t, place, cook, nil)
		want(t, check(t, place, options), trust.Trusted, trust.Verified)
		liar := lying(t, host, "/k/manifests/"+d.Digest.String())
		for _, place := range []registry.Location{{Repository: liar + "/k", Tag: "v1"}, {Repository: liar + "/k", Digest: d.Digest.String()}} {
			want(t, check(t, place, options), trust.NotTrusted, trust.ManifestDamaged, liar)
		}
	})
}

// lying is a registry that changes one answer on its way.
func lying(t *testing.T, host, path string) string {
	t.Helper()
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: host})
	proxy.ModifyResponse = func(r *http.Response) error {
		if r.Request.URL.Path != "/v2"+path || r.Request.Method != http.MethodGet {
			return nil
		}
		data, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(bytes.Replace(data, []byte("2026-01-01"), []byte("2026-01-02"), 1)))
		return err
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func TestSignaturesThatWereMadeUp(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	cook := authority.Issue(t, "cook", nil)
	now := time.Now()
	ended := authority.Issue(t, "ended", func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = now.Add(-30*imagetest.Day), now.Add(-imagetest.Day)
	})
	early := authority.Issue(t, "early", func(c *x509.Certificate) { c.NotBefore = now.Add(imagetest.Day) })
	options := verify.Options{Policy: policy(t, strict()), TrustStore: store(t, "ca", authority.Certificate)}

	layout, folder := imagetest.Layout(t)
	l := registry.Location{Layout: folder, Repository: "local/layout", Tag: "v1"}
	other := imagetest.Push(t, layout, "other", "other")
	cases := []struct {
		name     string
		envelope func(t *testing.T, subject registry.Descriptor) []byte
		code     trust.Code
		words    []string
	}{
		{"of another image", func(t *testing.T, _ registry.Descriptor) []byte { return cook.Envelope(t, other, now, time.Time{}) }, trust.OtherImage, []string{other.Digest.String()}},
		{"that ran out", func(t *testing.T, s registry.Descriptor) []byte {
			return cook.Envelope(t, s, now.Add(-2*time.Hour), now.Add(-time.Hour))
		}, trust.SignatureExpired, []string{now.Add(-time.Hour).UTC().Format("2006-01-02 15:04")}},
		{"by a certificate that ran out", func(t *testing.T, s registry.Descriptor) []byte {
			return ended.Envelope(t, s, now.Add(-2*imagetest.Day), time.Time{})
		}, trust.CertificateExpired, []string{"CN=ended", ended.Chain[0].NotAfter.UTC().Format("2006-01-02 15:04:05")}},
		{"by a certificate of tomorrow", func(t *testing.T, s registry.Descriptor) []byte {
			return early.Envelope(t, s, now.Add(2*imagetest.Day), time.Time{})
		}, trust.CertificateTooNew, []string{"CN=early"}},
		{"that was changed", func(t *testing.T, s registry.Descriptor) []byte {
			return bytes.Replace(cook.Envelope(t, s, now, time.Time{}), []byte(`"payload":"ey`), []byte(`"payload":"ez`), 1)
		}, trust.Damaged, nil},
		{"that is none", func(*testing.T, registry.Descriptor) []byte { return []byte("{ }") }, trust.Damaged, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			subject := imagetest.Push(t, layout, "v1", c.name)
			imagetest.Attach(t, layout, subject, c.envelope(t, subject))
			r := check(t, l, options)
			want(t, r, trust.NotTrusted, c.code, c.words...)
			if c.code == trust.Damaged && r.Signatures[0].Signer != "" {
				t.Errorf("a damaged signature names its signer: %+v", r.Signatures[0])
			}
			// A good signature beside the bad one is enough.
			signWith(t, l, cook, nil)
			want(t, check(t, l, options), trust.Trusted, trust.Verified)
		})
	}
}

func TestTooManySignatures(t *testing.T) {
	authority := imagetest.NewAuthority(t, "root")
	stranger := imagetest.NewAuthority(t, "stranger").Issue(t, "thief", nil)
	l := signedLayout(t, stranger, nil)
	signWith(t, l, stranger, func(o *sign.Options) { o.Format = sign.COSE })
	o := verify.Options{Policy: policy(t, strict()), TrustStore: store(t, "ca", authority.Certificate), MaxSignatures: 1}
	want(t, check(t, l, o), trust.Unchecked, trust.TooMany, "1")
}

func TestTimestamps(t *testing.T) {
	authority, clocks := imagetest.NewAuthority(t, "root"), imagetest.NewAuthority(t, "clocks")
	clock := clocks.NewTimeAuthority(t, clocks.WithOCSP)
	cook := authority.Issue(t, "cook", nil)
	trusted := store(t, "ca", authority.Certificate)
	imagetest.Write(t, filepath.Join(trusted, "x509", "tsa", "shop", "root.pem"), imagetest.CertificatesPEM(clocks.Certificate))
	withClock := func(s statement) { s["trustStores"] = []string{"ca:shop", "tsa:shop"} }
	options := verify.Options{Policy: policy(t, strict(withClock)), TrustStore: trusted}

	stamped := signedLayout(t, cook, func(o *sign.Options) {
		o.TimestampURL, o.TimestampRoots = clock.URL, []*x509.Certificate{clocks.Certificate}
	})
	r := check(t, stamped, options)
	want(t, r, trust.Trusted, trust.Verified)
	if s := r.Signatures[0]; s.TimeProof != "timestamp" || len(s.Revocations) != 2 || s.Revocations[0].Purpose != "timestamping" || s.Revocations[0].Age != "2h30m" {
		t.Errorf("signature %+v", s)
	}
	want(t, check(t, signedLayout(t, cook, nil), options), trust.NotTrusted, trust.TimestampMissing, `"shop"`)

	strangers := imagetest.NewAuthority(t, "strangers")
	foreign := strangers.NewTimeAuthority(t, nil)
	wrong := signedLayout(t, cook, func(o *sign.Options) {
		o.TimestampURL, o.TimestampRoots = foreign.URL, []*x509.Certificate{strangers.Certificate}
	})
	want(t, check(t, wrong, options), trust.NotTrusted, trust.TimestampBad)

	clocks.Close()
	want(t, check(t, stamped, options), trust.Unchecked, trust.TimestampUnknown, "CN=clock", clocks.OCSP)
}
