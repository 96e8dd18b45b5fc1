package verify

import (
	"crypto/x509"
	"encoding/json"
	"testing"

	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/trust"
)

// judgeAnything judges whatever was read, with every check on.
func judgeAnything(t *testing.T, o *CosignOptions, m *cosignMade) {
	t.Helper()
	v, err := newCosign(o)
	if err != nil {
		t.Fatal(err)
	}
	s := trust.Signature{}
	describeCosign(&s, m)
	j := cosignJudge{cosignVerifier: v, made: m, signature: &s, image: "sha256:00"}
	if r := j.judge(t.Context()); r.Code == trust.Verified {
		t.Errorf("made up, and verified: %+v", s)
	}
}

func strictOptions(t testing.TB) *CosignOptions {
	authority := imagetest.NewAuthority(t, "root")
	keys := []PublicKey{{Name: "k", Key: &authority.Key.PublicKey}}
	root := authority.Certificate
	return &CosignOptions{
		Keys: keys, LogKeys: keys, CertificateLogKeys: keys, Roots: []*x509.Certificate{root}, TimeRoots: []*x509.Certificate{root},
		Identities: []Identity{{SubjectPattern: ".*", IssuerPattern: ".*"}},
	}
}

func FuzzBundle(f *testing.F) {
	o := strictOptions(f)
	signer := imagetest.NewAuthority(f, "a").Issue(f, "cook", nil)
	envelope, signature := imagetest.DSSE(f, signer.Key, imagetest.Statement("sha256:00", trust.SignPredicate))
	log := imagetest.Log{Key: signer.Key}
	f.Add(imagetest.Bundle(f, envelope, map[string]any{
		"certificate":               map[string]any{"rawBytes": signer.Chain[0].Raw},
		"tlogEntries":               []any{log.Entry(f, imagetest.Enveloped(f, nil, signature, imagetest.CertificatePEM(signer.Chain[0])), signer.Chain[0].NotBefore)},
		"timestampVerificationData": map[string]any{"rfc3161Timestamps": []any{map[string]any{"signedTimestamp": []byte{0x30, 0}}}},
	}))
	f.Add([]byte(`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","messageSignature":{"messageDigest":{"algorithm":"SHA2_256","digest":"AA=="},"signature":"AA=="}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := readBundle(data, []byte("{}")); err == nil {
			judgeAnything(t, o, m)
		}
	})
}

func FuzzSimpleSigning(f *testing.F) {
	o := strictOptions(f)
	log := imagetest.Log{Key: imagetest.NewKey(f)}
	payload := imagetest.SimplePayload("sha256:00")
	annotations, err := json.Marshal(map[string]string{
		annotationSignature: "AA==", annotationBundle: log.Annotation(f, []byte("{}"), imagetest.NewAuthority(f, "a").Certificate.NotBefore),
		annotationTimestamp: `{"SignedRFC3161Timestamp":"AA=="}`, annotationCertificate: string(imagetest.CertificatePEM(o.Roots[0])),
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload, annotations, typeSimpleSigning)
	f.Add([]byte(`{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":"AA=="}]}`), []byte(`{}`), typeDSSE)
	f.Fuzz(func(t *testing.T, data, annotations []byte, mediaType string) {
		blob := registry.Descriptor{MediaType: mediaType}
		_ = json.Unmarshal(annotations, &blob.Annotations)
		if m, err := readCosign(&candidate{format: trust.Cosign, blob: blob}, data, nil); err == nil {
			judgeAnything(t, o, m)
		}
	})
}

func FuzzPromises(f *testing.F) {
	c := imagetest.NewAuthority(f, "a").Issue(f, "cook", nil).Chain[0]
	f.Add(c.RawTBSCertificate)
	f.Add([]byte{0, 4, 0, 2, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = withoutPromises(data)
		_, _ = readPromises(data)
	})
}
