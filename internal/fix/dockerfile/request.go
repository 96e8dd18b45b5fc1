package dockerfile

import (
	"context"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix"
	"github.com/foilsec/foil/internal/graph"
)

// Kind is the kind of node that this package edits.
const Kind graph.Kind = "dockerfile"

// Request is what to fix.
type Request struct {
	Snapshot *graph.Snapshot
	// Findings are those to remove; others than of Dockerfiles are left alone.
	Findings []finding.Finding
	Files    fix.Files
	Scan     Scan
	// Resolver looks up digests; nil when there is no network.
	Resolver Resolver
}

// Scan reads and judges as the scan did that the findings are from.
type Scan interface {
	// Read gives the node of a file as it is with other content.
	Read(n *graph.Node, content []byte) (graph.Node, error)
	// Judge gives all findings of a snapshot.
	Judge(ctx context.Context, s *graph.Snapshot) ([]finding.Finding, error)
}

// Resolver asks a registry which digest a reference stands for now. It fails
// when there is no such image.
type Resolver interface {
	Digest(ctx context.Context, reference string) (string, error)
}
