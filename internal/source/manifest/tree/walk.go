package tree

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/gitignore"
)

// maxDepth bounds how deep folders may be nested.
const maxDepth = 256

// walk is one walk over a tree.
type walk struct {
	tree    *Tree
	found   Found
	prefix  string          // from the top of the git work tree to the folder
	visited map[string]bool // folders and files, by their path without links
	pending []link
}

// link is a symbolic link, looked at when all that is no link is known.
type link struct {
	rel   string
	rules gitignore.Stack
	depth int
}

// folder reads one folder in the order of names.
func (w *walk) folder(ctx context.Context, dir string, rules gitignore.Stack, depth int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if depth > maxDepth {
		w.gap(dir, "folders nested too deep; what is below was not scanned; scan it by its own path")
		return nil
	}
	w.visited[dir] = true
	entries, err := fs.ReadDir(w.tree.root.FS(), nonEmpty(dir))
	if err != nil {
		w.gap(dir, "the folder can't be read: "+reason(err).Error())
		return nil
	}
	if isChart(entries) {
		w.found.Charts = append(w.found.Charts, nonEmpty(dir))
		return nil
	}
	rules = rules.With(w.rulesOf(dir, entries))
	for _, entry := range entries {
		if err := w.entry(ctx, path.Join(dir, entry.Name()), entry.Type(), rules, depth); err != nil {
			return err
		}
	}
	return nil
}

// nonEmpty names the top of the tree as package fs wants it.
func nonEmpty(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}

func isChart(entries []fs.DirEntry) bool {
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == ChartFile && e.Type().IsRegular() })
}

func (w *walk) entry(ctx context.Context, rel string, mode fs.FileMode, rules gitignore.Stack, depth int) error {
	if path.Base(rel) == ".git" || rules.Ignored(w.prefix+rel, mode.IsDir()) {
		return nil
	}
	switch {
	case mode.IsDir():
		return w.folder(ctx, rel, rules, depth+1)
	case mode&fs.ModeSymlink != 0:
		w.pending = append(w.pending, link{rel: rel, rules: rules, depth: depth})
	case mode.IsRegular():
		w.file(rel, rel)
	case isWanted(rel):
		w.gap(rel, "not a regular file but a "+typeName(mode)+"; it was not opened; pass it through standard input if it is meant")
	}
	return nil
}

// file notes a file by what its name says; real is its path without links.
func (w *walk) file(rel, real string) {
	if w.visited[real] || !isWanted(rel) {
		return
	}
	w.visited[real] = true
	switch base := path.Base(rel); {
	case IsKustomizationName(base):
		if dir := path.Dir(rel); !slices.Contains(w.found.Kustomizations, dir) {
			w.found.Kustomizations = append(w.found.Kustomizations, dir)
		}
	case IsManifestName(base):
		w.found.Files = append(w.found.Files, rel)
	case IsArchiveName(base):
		w.found.Archives = append(w.found.Archives, rel)
	}
}

func isWanted(rel string) bool {
	base := path.Base(rel)
	return IsKustomizationName(base) || IsManifestName(base) || IsArchiveName(base) || base == ChartFile
}

// links follows the symbolic links that were met. They come last, so that what
// they lead to is, where possible, known under its own name.
func (w *walk) links(ctx context.Context) error {
	for len(w.pending) > 0 {
		l := w.pending[0]
		w.pending = w.pending[1:]
		if err := w.follow(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) follow(ctx context.Context, l link) error {
	real, err := filepath.EvalSymlinks(filepath.Join(w.tree.real, filepath.FromSlash(l.rel)))
	if err != nil {
		if isWanted(l.rel) {
			w.gap(l.rel, "a symbolic link that leads nowhere or in a circle")
		}
		return nil
	}
	target, inside := w.tree.Relative(real)
	info, err := os.Lstat(real)
	switch {
	case err != nil:
		w.gap(l.rel, "a symbolic link that can't be followed: "+reason(err).Error())
	case !inside:
		if info.IsDir() || isWanted(l.rel) {
			w.gap(l.rel, "a symbolic link out of the scanned folder; it was not followed; scan its target by its own path")
		}
	case info.IsDir():
		if !w.visitedAbove(target) {
			return w.linkedFolder(ctx, l, target)
		}
	case info.Mode().IsRegular():
		w.file(l.rel, target)
	case isWanted(l.rel):
		w.gap(l.rel, "not a regular file but a "+typeName(info.Mode())+"; it was not opened")
	}
	return nil
}

// linkedFolder walks a folder that a link leads to and that was not walked on
// its own, under its own name.
func (w *walk) linkedFolder(ctx context.Context, l link, target string) error {
	if slices.Contains(strings.Split(target, "/"), ".git") {
		return nil
	}
	return w.folder(ctx, target, l.rules, l.depth+1)
}

// visitedAbove reports whether a folder was walked, or is part of a chart.
func (w *walk) visitedAbove(dir string) bool {
	if w.visited[dir] || dir == "." {
		return true
	}
	for _, chart := range w.found.Charts {
		if chart == "." || strings.HasPrefix(dir+"/", chart+"/") {
			return true
		}
	}
	return false
}

// Relative is a path without symbolic links as seen from the folder of the
// tree.
func (t *Tree) Relative(real string) (rel string, inside bool) {
	rel, err := filepath.Rel(t.real, real)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

func (w *walk) gap(rel, why string) {
	name := w.tree.Display(rel)
	w.found.Gaps = append(w.found.Gaps, graph.Gap{Subject: name, Position: graph.Position{File: name}, Reason: why})
}

// reason is the bare cause of an error of the file system.
func reason(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

func typeName(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "pipe"
	case mode&fs.ModeSocket != 0:
		return "socket"
	case mode&fs.ModeDevice != 0:
		return "device"
	}
	return "special file"
}
