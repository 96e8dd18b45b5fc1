package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/notaryproject/notation-core-go/signature/cose"
	"github.com/notaryproject/notation-core-go/signature/jws"
	notation "github.com/notaryproject/notation-go/registry"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/trust"
)

// Media types under which Cosign stores what it makes.
const (
	typeSimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json"
	typeCosignSig     = "application/vnd.dev.cosign.artifact.sig.v1+json"
	typeBundlePrefix  = "application/vnd.dev.sigstore.bundle"
	typeDSSE          = "application/vnd.dsse.envelope.v1+json"
)

// candidate is a stored blob that may be a signature.
type candidate struct {
	format   trust.Format
	manifest registry.Descriptor // that holds it
	blob     registry.Descriptor
	err      error // why the blob could not be found
}

// collect finds everything that may be a signature on an image: what stands
// under the tags that Cosign has agreed with itself, and what refers to the
// image. It looks into so many manifests and no more; cut says that there were
// others.
func collect(ctx context.Context, r *registry.Repository, subject registry.Descriptor, most int) (list []candidate, cut bool, err error) {
	for _, suffix := range []string{".sig", ".att"} {
		d, data, err := r.Tagged(ctx, strings.Replace(subject.Digest.String(), ":", "-", 1)+suffix)
		if errors.Is(err, registry.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, false, err
		}
		list = append(list, inside(d, typeCosignSig, data, nil)...)
	}
	referrers, err := r.Referrers(ctx, subject)
	if err != nil {
		return nil, false, err
	}
	for _, d := range referrers {
		if !interesting(d.ArtifactType) {
			continue
		}
		if most--; most < 0 {
			return list, true, nil
		}
		data, err := r.Read(ctx, d)
		list = append(list, inside(d, d.ArtifactType, data, err)...)
	}
	return list, false, nil
}

// interesting reports whether a referrer may be a signature. Some registries
// tell the type of its configuration instead of its own, which is that of the
// empty one for most.
func interesting(artifactType string) bool {
	switch artifactType {
	case notation.ArtifactTypeNotation, typeCosignSig, ocispec.MediaTypeEmptyJSON, "":
		return true
	}
	return strings.HasPrefix(artifactType, typeBundlePrefix)
}

// inside lists the signatures in a manifest.
func inside(d registry.Descriptor, artifactType string, data []byte, err error) []candidate {
	var manifest struct {
		ArtifactType string               `json:"artifactType"`
		Layers       []ocispec.Descriptor `json:"layers"`
		Blobs        []ocispec.Descriptor `json:"blobs"` // of the artifact manifest that Notation wrote once
	}
	if err == nil {
		err = json.Unmarshal(data, &manifest)
	}
	if err != nil {
		return []candidate{{format: presumed(artifactType), manifest: d, err: err}}
	}
	if manifest.ArtifactType != "" {
		artifactType = manifest.ArtifactType
	}
	var list []candidate
	for _, blob := range append(manifest.Layers, manifest.Blobs...) {
		if format, ok := formatOf(blob.MediaType, artifactType); ok {
			list = append(list, candidate{format: format, manifest: d, blob: blob})
		}
	}
	if artifactType == notation.ArtifactTypeNotation && len(list) != 1 {
		err := fmt.Errorf("its manifest holds %d envelopes, not one", len(list))
		return []candidate{{format: trust.Notation, manifest: d, err: errors.Join(registry.ErrDamaged, err)}}
	}
	return list
}

func presumed(artifactType string) trust.Format {
	switch {
	case artifactType == notation.ArtifactTypeNotation:
		return trust.Notation
	case strings.HasPrefix(artifactType, typeBundlePrefix):
		return trust.CosignBundle
	}
	return trust.Cosign
}

func formatOf(mediaType, artifactType string) (trust.Format, bool) {
	switch {
	case mediaType == jws.MediaTypeEnvelope:
		return trust.NotationJWS, true
	case mediaType == cose.MediaTypeEnvelope:
		return trust.NotationCOSE, true
	case artifactType == notation.ArtifactTypeNotation:
		return trust.Notation, true
	case mediaType == typeSimpleSigning, mediaType == typeDSSE:
		return trust.Cosign, true
	case strings.HasPrefix(mediaType, typeBundlePrefix):
		return trust.CosignBundle, true
	}
	return "", false
}
