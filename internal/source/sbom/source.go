package sbom

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source"
)

// Options say what is read.
type Options struct {
	// Path is the file with the bill. Input is read in its place when it is set,
	// and Path is then only the name.
	Path  string
	Input io.Reader
	// PURL is one package URL to read in place of a file.
	PURL   string
	Limits Limits
	Clock  func() time.Time // time.Now when nil
}

// Source reads one bill of materials.
type Source struct{ options Options }

var _ source.Source = (*Source)(nil)

// New makes the source.
func New(o Options) *Source {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return &Source{o}
}

// Collect implements source.Source.
func (s *Source) Collect(ctx context.Context, b *graph.Builder) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	a, err := s.Artifact()
	if err != nil {
		return err
	}
	return artifact.Add(b, a, graph.Provenance{Source: "sbom", Origin: s.name(), ObservedAt: s.options.Clock()})
}

// Artifact reads the bill and returns it, without a graph.
func (s *Source) Artifact() (*artifact.Artifact, error) {
	switch {
	case s.options.PURL != "":
		return ReadPURL(s.options.PURL)
	case s.options.Input != nil:
		return Read(s.options.Input, s.options.Path, s.options.Limits)
	}
	f, err := os.Open(s.options.Path)
	if err != nil {
		return nil, fmt.Errorf("read the bill of materials: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	return Read(f, s.options.Path, s.options.Limits)
}

func (s *Source) name() string {
	if s.options.PURL != "" {
		return s.options.PURL
	}
	return s.options.Path
}
