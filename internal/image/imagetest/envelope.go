package imagetest

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-core-go/signature/jws"
	notation "github.com/notaryproject/notation-go/registry"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
)

// Envelope makes a Notation signature at a time and with an end that no honest
// tool would give it. A zero expiry means none.
func (s Signer) Envelope(t testing.TB, subject ocispec.Descriptor, at, expiry time.Time) []byte {
	t.Helper()
	payload, err := json.Marshal(map[string]any{"targetArtifact": subject})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := signature.NewLocalSigner(s.Chain, s.Key)
	if err != nil {
		t.Fatal(err)
	}
	e, err := signature.NewEnvelope(jws.MediaTypeEnvelope)
	if err != nil {
		t.Fatal(err)
	}
	data, err := e.Sign(&signature.SignRequest{
		Payload: signature.Payload{ContentType: "application/vnd.cncf.notary.payload.v1+json", Content: payload},
		Signer:  signer, SigningTime: at, Expiry: expiry, SigningScheme: signature.SigningSchemeX509,
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Attach stores a Notation envelope with an image.
func Attach(t testing.TB, target oras.GraphTarget, subject ocispec.Descriptor, envelope []byte) ocispec.Descriptor {
	t.Helper()
	_, manifest, err := notation.NewRepository(target).PushSignature(context.Background(), jws.MediaTypeEnvelope, envelope, subject, nil)
	if err != nil {
		t.Fatal(err)
	}
	return manifest
}
