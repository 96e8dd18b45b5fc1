// Package tree finds what there is to read in a folder: manifests, Helm
// charts and Kustomize roots. It knows them by their names only and decodes
// nothing.
//
// The folder may come from anyone. Nothing outside of it is opened: symbolic
// links that lead out of it are refused, others are followed once, and pipes
// and devices are never opened. What .gitignore files leave out is left out
// here too, except what the user named by its own path.
package tree

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// Found is what a folder holds. All paths are slash-separated and relative to
// the folder.
type Found struct {
	// Files are manifests, or at least have the name of one.
	Files []string
	// Charts are folders with a Chart.yaml. What is in them is not in Files.
	Charts []string
	// Archives are .tgz files, which may be packaged charts.
	Archives []string
	// Kustomizations are folders with a kustomization file, which itself is
	// not in Files.
	Kustomizations []string
	// Gaps is what could not be read or was refused.
	Gaps []graph.Gap
}

// Tree is an open folder.
type Tree struct {
	root *os.Root
	// name is the folder as the user wrote it; real is its absolute path
	// without symbolic links.
	name, real string
}

// Open opens a folder.
func Open(name string) (*Tree, error) {
	real, err := filepath.Abs(name)
	if err == nil {
		real, err = filepath.EvalSymlinks(real)
	}
	if err != nil {
		return nil, fmt.Errorf("open folder %s: %w", name, err)
	}
	root, err := os.OpenRoot(real)
	if err != nil {
		return nil, fmt.Errorf("open folder %s: %w", name, err)
	}
	return &Tree{root: root, name: name, real: real}, nil
}

// Close releases the folder.
func (t *Tree) Close() error { return t.root.Close() }

// Real is the absolute path of the folder without symbolic links.
func (t *Tree) Real() string { return t.real }

// Display is the path by which users are told of a file of the tree: as they
// would write it themselves.
func (t *Tree) Display(rel string) string {
	return filepath.ToSlash(filepath.Join(t.name, filepath.FromSlash(rel)))
}

// OpenFile opens a regular file of the tree; everything else is refused.
func (t *Tree) OpenFile(rel string) (*os.File, error) {
	// Without O_NONBLOCK a pipe that took the place of the file since it was
	// found would block here for ever.
	f, err := t.root.OpenFile(filepath.FromSlash(rel), os.O_RDONLY|NonBlocking, 0)
	if err != nil {
		return nil, reason(err)
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		_ = f.Close()
		return nil, errors.Join(err, errNotRegular)
	}
	return f, nil
}

var errNotRegular = errors.New("not a regular file")

// ReadFile reads a file of the tree that is no larger than allowed.
func (t *Tree) ReadFile(rel string, most int64) ([]byte, error) {
	f, err := t.OpenFile(rel)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return readAtMost(f, most)
}

// FS is the folder as a file system.
func (t *Tree) FS() fs.FS { return t.root.FS() }

// Find walks the tree.
func (t *Tree) Find(ctx context.Context) (Found, error) {
	w := &walk{tree: t, visited: make(map[string]bool)}
	rules, prefix, gaps := rulesAbove(t.real)
	w.prefix, w.found.Gaps = prefix, gaps
	if err := w.folder(ctx, "", rules, 0); err != nil {
		return Found{}, err
	}
	if err := w.links(ctx); err != nil {
		return Found{}, err
	}
	return w.found, nil
}

// IsManifestName reports whether a file name is that of a manifest.
func IsManifestName(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml", ".json", ".jsonl", ".ndjson":
		return true
	}
	return false
}

// IsKustomizationName reports whether a file makes its folder a Kustomize
// root.
func IsKustomizationName(name string) bool {
	return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization"
}

// IsArchiveName reports whether a file may be a packaged chart.
func IsArchiveName(name string) bool {
	return strings.HasSuffix(name, ".tgz") || strings.HasSuffix(name, ".tar.gz")
}

// ChartFile is the file that makes its folder a Helm chart.
const ChartFile = "Chart.yaml"
