package dockerfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source"
)

// maxFiles bounds how many files one source reads.
const maxFiles = 5_000

// Source reads Dockerfiles: the one that is named, or those below a folder.
type Source struct {
	Path string
	Now  time.Time
}

var _ source.Source = Source{}

// Is reports whether a file is a Dockerfile by its name.
func Is(name string) bool {
	base := strings.ToLower(filepath.Base(name))
	if base == "dockerfile" || base == "containerfile" || strings.HasSuffix(base, ".dockerfile") {
		return true
	}
	for _, kind := range []string{"dockerfile.", "containerfile."} {
		if rest, found := strings.CutPrefix(base, kind); found {
			return rest != "dockerignore" && rest != "md" // what stands beside one
		}
	}
	return false
}

// Collect implements source.Source. A folder without Dockerfiles is fine.
func (s Source) Collect(ctx context.Context, b *graph.Builder) error {
	info, err := os.Stat(s.Path)
	if err != nil {
		return fmt.Errorf("read Dockerfiles: %w", err)
	}
	if !info.IsDir() {
		if !info.Mode().IsRegular() {
			return fmt.Errorf("read Dockerfiles: %s is no regular file", s.Path)
		}
		s.file(b, filepath.Clean(s.Path), filepath.Clean(s.Path))
		return nil
	}
	return s.folder(ctx, b)
}

// errEnough ends a walk.
var errEnough = errors.New("enough")

func (s Source) folder(ctx context.Context, b *graph.Builder) error {
	count := 0
	err := filepath.WalkDir(s.Path, func(path string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			b.AddGap(graph.Gap{Subject: filepath.ToSlash(path), Reason: err.Error()})
			return nil //nolint:nilerr // the gap says it
		case d.IsDir() && path != s.Path && isForeign(d.Name()):
			return fs.SkipDir
		case !d.Type().IsRegular() || !Is(path):
			return nil
		case count == maxFiles:
			b.AddGap(graph.Gap{Subject: filepath.ToSlash(path), Reason: fmt.Sprintf("more than %d Dockerfiles; this one and those after it were not read", maxFiles)})
			return errEnough
		}
		count++
		relative, err := filepath.Rel(s.Path, path)
		s.file(b, path, relative)
		return err
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// isForeign reports whether a folder holds what others wrote, or the data of a
// tool.
func isForeign(name string) bool {
	return name == "node_modules" || name == "vendor" || strings.HasPrefix(name, ".") && name != ".devcontainer" && name != ".github"
}

// file reads one file. Its identity is the way to it from the folder that is
// scanned, however that was named.
func (s Source) file(b *graph.Builder, path, relative string) {
	n := graph.Node{
		ID: ID(filepath.ToSlash(relative)), Kind: Kind, Name: filepath.ToSlash(relative),
		Provenance: provenance(filepath.ToSlash(path), s.Now),
	}
	var err error
	if n.Object, err = readFile(path, n.Provenance.Origin); err != nil {
		b.AddGap(graph.Gap{Subject: n.Provenance.Origin, Position: n.Provenance.Position, Reason: fmt.Sprintf("read the Dockerfile: %v", err)})
		return
	}
	b.AddNode(n)
}

func provenance(name string, now time.Time) graph.Provenance {
	return graph.Provenance{Source: "dockerfile", Origin: name, Position: graph.Position{File: name, Line: 1, Column: 1}, ObservedAt: now}
}

// Reread is the node of a file as it is with other content.
func Reread(n *graph.Node, content []byte) (graph.Node, error) {
	again := *n
	var err error
	again.Object, err = Parse(n.Provenance.Origin, content)
	return again, err
}

func readFile(path, name string) (graph.Value, error) {
	file, err := os.Open(path)
	if err != nil {
		return graph.Value{}, err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return graph.Value{}, err
	}
	return Parse(name, data)
}
