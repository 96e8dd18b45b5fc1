package sign

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/notaryproject/notation-core-go/signature/cose"
	"github.com/notaryproject/notation-core-go/signature/jws"
	notationgo "github.com/notaryproject/notation-go"
	notation "github.com/notaryproject/notation-go/registry"
	tsp "github.com/notaryproject/tspclient-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/registry/remote"

	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/lang"
)

// Format is the form of an envelope.
type Format string

// The formats. Both say the same; COSE is smaller.
const (
	JWS  Format = "jws"
	COSE Format = "cose"
)

// mediaType is the media type of the envelope.
func (f Format) mediaType() (string, error) {
	switch f {
	case JWS, "":
		return jws.MediaTypeEnvelope, nil
	case COSE:
		return cose.MediaTypeEnvelope, nil
	}
	return "", fmt.Errorf("unknown form of signature %q: want jws or cose", string(f))
}

// Options say how to sign.
type Options struct {
	Key      Key
	Format   Format            // empty: JWS
	Expiry   time.Duration     // 0: the signature never runs out
	Metadata map[string]string // what else the signer states about the image
	// TimestampURL is an RFC 3161 authority that vouches for the time; without
	// it the signature ends with its certificate.
	TimestampURL   string
	TimestampRoots []*x509.Certificate // that the authority has to lead to
	Agent          string              // name of the program, "foil/1.2.0"
	Registry       registry.Options
}

// Signed says what was signed and where the signature is.
type Signed struct {
	Reference string      `json:"reference"` // of the image, as it was asked for
	Digest    string      `json:"digest"`    // of the image
	Signature string      `json:"signature"` // digest of the manifest that holds the signature
	MediaType string      `json:"mediaType"` // of the envelope
	Warnings  []lang.Text `json:"warnings,omitempty"`
}

// Sign signs the image at a location and stores the signature beside it. A tag
// is followed once; what is signed is the digest.
func Sign(ctx context.Context, l registry.Location, o Options) (Signed, error) {
	mediaType, err := o.Format.mediaType()
	if err != nil {
		return Signed{}, err
	}
	signer, warnings, err := o.Key.signer(ctx)
	if err != nil {
		return Signed{}, err
	}
	s := Signed{Reference: l.String(), MediaType: mediaType, Warnings: warnings}
	target, err := openTarget(ctx, l, o.Registry)
	if err != nil {
		return Signed{}, fmt.Errorf("sign %s: %w", s.Reference, err)
	}
	options, err := o.forLibrary(mediaType)
	if err != nil {
		return Signed{}, err
	}
	options.ArtifactReference = target.subject.Digest.String()
	if _, err := notationgo.Sign(ctx, signer, target, options); err != nil {
		return Signed{}, fmt.Errorf("sign %s: %w", s.Reference, err)
	}
	s.Digest, s.Signature = target.subject.Digest.String(), target.stored.Digest.String()
	return s, nil
}

func (o *Options) forLibrary(mediaType string) (notationgo.SignOptions, error) {
	options := notationgo.SignOptions{
		SignerSignOptions: notationgo.SignerSignOptions{
			SignatureMediaType: mediaType, ExpiryDuration: o.Expiry, PluginConfig: o.Key.PluginConfig, SigningAgent: o.Agent,
		},
		UserMetadata: o.Metadata,
	}
	if o.TimestampURL == "" {
		return options, nil
	}
	if len(o.TimestampRoots) == 0 {
		return options, errors.New("a timestamp is asked for, but no root certificate that its authority has to lead to")
	}
	stamper, err := tsp.NewHTTPTimestamper(nil, o.TimestampURL)
	if err != nil {
		return options, fmt.Errorf("prepare the timestamp by %s: %w", o.TimestampURL, err)
	}
	options.Timestamper, options.TSARootCAs = stamper, x509.NewCertPool()
	for _, root := range o.TimestampRoots {
		options.TSARootCAs.AddCert(root)
	}
	return options, nil
}

// target is where the signature goes. It knows the image already, and that its
// manifest is what the digest says.
type target struct {
	notation.Repository
	subject registry.Descriptor
	stored  ocispec.Descriptor // the manifest of the signature
}

func openTarget(ctx context.Context, l registry.Location, o registry.Options) (*target, error) {
	source, err := registry.Open(ctx, l, o)
	if err != nil {
		return nil, err
	}
	subject, _, err := source.Manifest(ctx)
	if err != nil {
		return nil, err
	}
	graph, err := registry.OpenWritable(ctx, l, o)
	if err != nil {
		return nil, err
	}
	return &target{Repository: notation.NewRepository(graph), subject: subject}, nil
}

// Resolve implements registry.Repository of the library.
func (t *target) Resolve(context.Context, string) (ocispec.Descriptor, error) { return t.subject, nil }

// PushSignature implements registry.Repository of the library. That an older
// index of referrers can't be deleted leaves the signature where it belongs.
func (t *target) PushSignature(ctx context.Context, mediaType string, blob []byte, subject ocispec.Descriptor, annotations map[string]string) (envelope, manifest ocispec.Descriptor, err error) {
	envelope, manifest, err = t.Repository.PushSignature(ctx, mediaType, blob, subject, annotations)
	var leftover *remote.ReferrersError
	if errors.As(err, &leftover) && leftover.IsReferrersIndexDelete() {
		err = nil
	}
	t.stored = manifest
	return envelope, manifest, err
}
