package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/image/registry"
)

// digests asks registries which digest a reference stands for now.
type digests struct{ options registry.Options }

const longestLookup = 10 * time.Second

// Digest implements the resolver of fixes of Dockerfiles.
func (d digests) Digest(ctx context.Context, reference string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, longestLookup)
	defer cancel()
	location, err := registry.Parse(artifact.CanonicalReference(reference))
	if err != nil {
		return "", err
	}
	repository, err := registry.Open(ctx, location, d.options)
	if err != nil {
		return "", err
	}
	manifest, _, err := repository.Manifest(ctx)
	if err != nil {
		return "", fmt.Errorf("look up the digest of %s: %w", reference, err)
	}
	return manifest.Digest.String(), nil
}
