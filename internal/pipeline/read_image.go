package pipeline

import (
	"context"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/image"
	"github.com/foilsec/foil/internal/source/sbom"
)

// ReadArtifact reads an image, and the bills of materials that travel inside: a
// vendor lists there what left no other trace.
func ReadArtifact(ctx context.Context, o image.Options) (*artifact.Artifact, error) {
	a, err := image.Read(ctx, o)
	if err != nil {
		return nil, err
	}
	sbom.Embed(a)
	return a, nil
}

// Image is the source of one image.
type Image struct{ Options image.Options }

// Collect implements source.Source.
func (i Image) Collect(ctx context.Context, b *graph.Builder) error {
	a, err := ReadArtifact(ctx, i.Options)
	if err != nil {
		return err
	}
	return artifact.Add(b, a, graph.Provenance{Source: "image", Origin: a.Reference, ObservedAt: i.Options.Clock()})
}
