package pipeline

import (
	"context"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source"
)

// Sources are several sources as one.
type Sources []source.Source

// Collect implements source.Source: it asks one after the other.
func (list Sources) Collect(ctx context.Context, b *graph.Builder) error {
	for _, s := range list {
		if err := s.Collect(ctx, b); err != nil {
			return err
		}
	}
	return nil
}
