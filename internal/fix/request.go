package fix

import (
	"context"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
)

// Request is what to fix.
type Request struct {
	// Snapshot is what was read.
	Snapshot *graph.Snapshot
	// Findings are those to remove, the most important first: where two fixes
	// contradict each other, the first one is made.
	Findings []finding.Finding
	Files    Files
	Scan     Scan
}

// Files are the user's files, by the names that positions carry.
type Files interface {
	// ReadFile reads a file. An error that is fs.ErrNotExist says that there is
	// none.
	ReadFile(name string) ([]byte, error)
	// Contains reports whether a name is that of a file that may be changed or
	// created.
	Contains(name string) bool
}

// Scan reads and judges as the scan did that the findings are from.
type Scan interface {
	// Read gives the objects of one origin, which is a file, the folder of a
	// chart or of a Kustomize root, as they are when the given files have other
	// content. Positions name files as those of the snapshot do.
	Read(ctx context.Context, origin string, changed map[string][]byte) ([]graph.Value, error)
	// Judge gives all findings of a snapshot of objects without edges.
	Judge(ctx context.Context, s *graph.Snapshot) ([]finding.Finding, error)
}
