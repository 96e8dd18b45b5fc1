// Package source is the edge to the outside world. This package holds the
// interface only; each folder below reads one kind of thing (manifests, a
// cluster, a saved snapshot) and writes facts into a graph builder.
//
// Sources do not know each other, and know neither rules nor findings.
package source

import (
	"context"

	"github.com/foilsec/foil/internal/graph"
)

// Source reads a part of the world into a builder. What it can't read it adds
// as a gap and goes on; it returns an error only when it could read nothing at
// all, for example when the path does not exist.
type Source interface {
	Collect(ctx context.Context, b *graph.Builder) error
}
