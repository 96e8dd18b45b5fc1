package verify

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/notaryproject/notation-core-go/signature"
	notationgo "github.com/notaryproject/notation-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/foilsec/foil/internal/image/trust"
)

// notationSignature describes and, if asked, judges an envelope of Notation.
func (c *checking) notationSignature(ctx context.Context, s *trust.Signature, mediaType string, envelope []byte, judge bool) {
	content, err := openEnvelope(mediaType, envelope)
	if err == nil {
		describeEnvelope(s, content)
	}
	switch {
	case !judge:
		if err != nil {
			s.Reason = trust.Because(trust.Damaged, plain(err))
		}
	case c.notation == nil:
		s.Reason = trust.Because(trust.NothingToVerifyWith, "Notation", noPolicy)
		s.State = s.Reason.Code.State()
	case c.statement == nil:
		_, err := c.options.Policy.statement(c.scope, anyDigest)
		s.Reason = trust.Because(trust.NoStatement, c.scope, plain(err))
		s.State = s.Reason.Code.State()
	case c.skips(): // the library would call it good
		s.Reason = trust.Because(trust.NothingToVerifyWith, "Notation", noWatchingPolicy)
		s.State = s.Reason.Code.State()
	default:
		c.judgeEnvelope(ctx, s, mediaType, envelope)
	}
}

func (c *checking) judgeEnvelope(ctx context.Context, s *trust.Signature, mediaType string, envelope []byte) {
	ctx, recorder := recording(ctx)
	outcome, err := c.notation.Verify(ctx, c.subject, envelope, notationgo.VerifierVerifyOptions{
		ArtifactReference: c.scope + "@" + c.subject.Digest.String(), SignatureMediaType: mediaType,
		PluginConfig: c.options.PluginConfig, UserMetadata: c.options.Metadata,
	})
	s.Revocations = recorder.journal
	e := explainer{checking: c, signature: s, outcome: outcome, err: err}
	e.explain()
}

// openEnvelope reads what an envelope says, verified or not.
func openEnvelope(mediaType string, data []byte) (*signature.EnvelopeContent, error) {
	e, err := signature.ParseEnvelope(mediaType, data)
	if err != nil {
		return nil, err
	}
	return e.Content()
}

// signedPayload is what a Notation signature signs.
type signedPayload struct {
	TargetArtifact ocispec.Descriptor `json:"targetArtifact"`
}

func payloadOf(content *signature.EnvelopeContent) (ocispec.Descriptor, error) {
	var p signedPayload
	if content == nil {
		return ocispec.Descriptor{}, errors.New("the signature has no payload")
	}
	err := json.Unmarshal(content.Payload.Content, &p)
	return p.TargetArtifact, err
}

func describeEnvelope(s *trust.Signature, content *signature.EnvelopeContent) {
	signer := &content.SignerInfo
	s.SignedAt, s.ExpiresAt = signer.SignedAttributes.SigningTime.UTC(), signer.SignedAttributes.Expiry
	if signer.SignedAttributes.SigningScheme == signature.SigningSchemeX509SigningAuthority {
		s.TimeProof = "authority"
	}
	if len(signer.UnsignedAttributes.TimestampSignature) > 0 {
		s.TimeProof = "timestamp"
	}
	if target, err := payloadOf(content); err == nil {
		s.Metadata = target.Annotations
	}
	describeChain(s, signer.CertificateChain)
}

func describeChain(s *trust.Signature, chain []*x509.Certificate) {
	for _, certificate := range chain {
		sum := sha256.Sum256(certificate.Raw)
		s.Chain = append(s.Chain, trust.Certificate{
			Subject: certificate.Subject.String(), Issuer: certificate.Issuer.String(),
			NotBefore: certificate.NotBefore.UTC(), NotAfter: certificate.NotAfter.UTC(), Fingerprint: hex.EncodeToString(sum[:]),
		})
	}
	if len(chain) > 0 {
		s.Signer, s.Issuer = chain[0].Subject.String(), chain[0].Issuer.String()
	}
}
