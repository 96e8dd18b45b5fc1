package image

import (
	"context"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source"
)

// Source reads one image, folder or file into the graph.
type Source struct{ options Options }

var _ source.Source = (*Source)(nil)

// New makes a source.
func New(o Options) *Source { return &Source{o.withDefaults()} }

// provenanceSource is the name of this room in provenance.
const provenanceSource = "image"

// Collect reads the image into the builder. It fails when nothing of it could be
// read.
func (s *Source) Collect(ctx context.Context, b *graph.Builder) error {
	a, err := Read(ctx, s.options)
	if err != nil {
		return err
	}
	return artifact.Add(b, a, graph.Provenance{Source: provenanceSource, Origin: s.options.Reference, ObservedAt: s.options.Clock()})
}
