package imagetest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
)

// SignBytes signs data as Cosign does.
func SignBytes(t testing.TB, key *ecdsa.PrivateKey, data []byte) []byte {
	t.Helper()
	sum := sha256.Sum256(data)
	signature, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// SimplePayload is the payload of Cosign's older form.
func SimplePayload(digest string) []byte {
	return fmt.Appendf(nil, `{"critical":{"identity":{"docker-reference":"registry.example/k"},"image":{"docker-manifest-digest":%q},"type":"cosign container image signature"},"optional":{"team":"kitchen"}}`, digest)
}

// PushSimple stores a signature in Cosign's older form: under a tag that is
// made from the digest of the image. More annotations may be given.
func PushSimple(t testing.TB, target oras.Target, subject ocispec.Descriptor, payload, signature []byte, annotations map[string]string) {
	t.Helper()
	layer := ocispec.Descriptor{MediaType: "application/vnd.dev.cosign.simplesigning.v1+json", Annotations: map[string]string{
		"dev.cosignproject.cosign/signature": base64.StdEncoding.EncodeToString(signature),
	}}
	for name, value := range annotations {
		layer.Annotations[name] = value
	}
	pushTagged(t, target, subject, ".sig", layer, payload)
}

// PushAttestation stores a DSSE envelope in Cosign's older form.
func PushAttestation(t testing.TB, target oras.Target, subject ocispec.Descriptor, envelope []byte) {
	t.Helper()
	pushTagged(t, target, subject, ".att", ocispec.Descriptor{MediaType: "application/vnd.dsse.envelope.v1+json", Annotations: map[string]string{"dev.cosignproject.cosign/signature": ""}}, envelope)
}

func pushTagged(t testing.TB, target oras.Target, subject ocispec.Descriptor, suffix string, layer ocispec.Descriptor, data []byte) {
	t.Helper()
	ctx := context.Background()
	pushed, err := oras.PushBytes(ctx, target, layer.MediaType, data)
	if err != nil {
		t.Fatal(err)
	}
	pushed.Annotations = layer.Annotations
	config, err := oras.PushBytes(ctx, target, ocispec.MediaTypeImageConfig, fmt.Appendf(nil, `{"made":%q}`, suffix+pushed.Digest.String()))
	if err != nil {
		t.Fatal(err)
	}
	d, err := oras.PackManifest(ctx, target, oras.PackManifestVersion1_1, "", oras.PackManifestOptions{Layers: []ocispec.Descriptor{pushed}, ConfigDescriptor: &config})
	if err != nil {
		t.Fatal(err)
	}
	if err := target.Tag(ctx, d, strings.Replace(subject.Digest.String(), ":", "-", 1)+suffix); err != nil {
		t.Fatal(err)
	}
}

const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json"

// PushBundle stores a Sigstore bundle as a referrer of the image.
func PushBundle(t testing.TB, target oras.Target, subject ocispec.Descriptor, bundle []byte) ocispec.Descriptor {
	t.Helper()
	layer, err := oras.PushBytes(context.Background(), target, bundleType, bundle)
	if err != nil {
		t.Fatal(err)
	}
	d, err := oras.PackManifest(context.Background(), target, oras.PackManifestVersion1_1, bundleType, oras.PackManifestOptions{
		Layers: []ocispec.Descriptor{layer}, Subject: &subject,
		ManifestAnnotations: map[string]string{"dev.sigstore.bundle.content": "dsse-envelope"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Statement is an in-toto statement about an image.
func Statement(digest, predicate string) []byte {
	return fmt.Appendf(nil, `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"","digest":{"sha256":%q}}],"predicateType":%q,"predicate":{}}`,
		strings.TrimPrefix(digest, "sha256:"), predicate)
}

// DSSE signs a statement as a DSSE envelope.
func DSSE(t testing.TB, key *ecdsa.PrivateKey, statement []byte) (envelope, signature []byte) {
	t.Helper()
	const kind = "application/vnd.in-toto+json"
	signature = SignBytes(t, key, append(fmt.Appendf(nil, "DSSEv1 %d %s %d ", len(kind), kind, len(statement)), statement...))
	return JSON(t, map[string]any{"payloadType": kind, "payload": statement, "signatures": []any{map[string]any{"sig": signature, "keyid": ""}}}), signature
}

// JSON writes a value.
func JSON(t testing.TB, value any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

// Bundle puts an envelope and what proves it into a Sigstore bundle.
func Bundle(t testing.TB, envelope []byte, material map[string]any) []byte {
	t.Helper()
	return JSON(t, map[string]any{"mediaType": bundleType, "verificationMaterial": material, "dsseEnvelope": json.RawMessage(envelope)})
}

// Log is a transparency log.
type Log struct{ Key *ecdsa.PrivateKey }

// ID is the identity of the log: the hash of its key.
func (l Log) ID(t testing.TB) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&l.Key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(der)
	return sum[:]
}

// promise signs an entry.
func (l Log) promise(t testing.TB, body []byte, at time.Time) []byte {
	t.Helper()
	return SignBytes(t, l.Key, fmt.Appendf(nil, `{"body":%q,"integratedTime":%d,"logID":%q,"logIndex":7}`,
		base64.StdEncoding.EncodeToString(body), at.Unix(), hex.EncodeToString(l.ID(t))))
}

// Annotation is an entry as the older form keeps it.
func (l Log) Annotation(t testing.TB, body []byte, at time.Time) string {
	t.Helper()
	return string(JSON(t, map[string]any{"SignedEntryTimestamp": l.promise(t, body, at), "Payload": map[string]any{
		"body": body, "integratedTime": at.Unix(), "logIndex": 7, "logID": hex.EncodeToString(l.ID(t)),
	}}))
}

// Entry is an entry as bundles keep it.
func (l Log) Entry(t testing.TB, body []byte, at time.Time) map[string]any {
	t.Helper()
	return map[string]any{
		"logIndex": "7", "logId": map[string]any{"keyId": l.ID(t)}, "integratedTime": fmt.Sprint(at.Unix()),
		"inclusionPromise": map[string]any{"signedEntryTimestamp": l.promise(t, body, at)}, "canonicalizedBody": body,
	}
}

// Hashed is the body of an entry about a signature; by is the signer's key or
// certificate in PEM.
func Hashed(t testing.TB, data, signature, by []byte) []byte {
	t.Helper()
	sum := sha256.Sum256(data)
	return JSON(t, map[string]any{"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": map[string]any{
		"data":      map[string]any{"hash": map[string]any{"algorithm": "sha256", "value": hex.EncodeToString(sum[:])}},
		"signature": map[string]any{"content": signature, "publicKey": map[string]any{"content": by}},
	}})
}

// Enveloped is the body of an entry about an envelope.
func Enveloped(t testing.TB, payload, signature, by []byte) []byte {
	t.Helper()
	sum := sha256.Sum256(payload)
	return JSON(t, map[string]any{"apiVersion": "0.0.1", "kind": "dsse", "spec": map[string]any{
		"payloadHash": map[string]any{"algorithm": "sha256", "value": hex.EncodeToString(sum[:])},
		"signatures":  []any{map[string]any{"signature": signature, "verifier": by}},
	}})
}

// CertificatePEM writes one certificate as PEM.
func CertificatePEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}
