package tree

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// Below visits all folders and regular files below a folder of the tree, in
// the order of names; visit may return [fs.SkipDir] for a folder. Unlike
// [Tree.Find] it leaves nothing out. Symbolic links within the tree are
// followed, each target once; the gaps name those that were not.
func (t *Tree) Below(ctx context.Context, dir string, visit func(rel string, info fs.FileInfo) error) ([]graph.Gap, error) {
	b := &below{walk: walk{tree: t, visited: make(map[string]bool)}, visit: visit}
	err := b.folder(ctx, dir, 0)
	return b.found.Gaps, err
}

type below struct {
	walk
	visit func(rel string, info fs.FileInfo) error
}

func (b *below) folder(ctx context.Context, dir string, depth int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if depth > maxDepth {
		b.gap(dir, "folders nested too deep; what is below was not read")
		return nil
	}
	entries, err := fs.ReadDir(b.tree.FS(), dir)
	if err != nil {
		return reason(err)
	}
	for _, entry := range entries {
		rel := path.Join(dir, entry.Name())
		info, err := entry.Info()
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			info, err = b.target(rel)
		}
		switch {
		case err != nil:
			b.gap(rel, err.Error())
			continue
		case info == nil:
			continue
		}
		if err := b.one(ctx, rel, info, depth); err != nil {
			return err
		}
	}
	return nil
}

func (b *below) one(ctx context.Context, rel string, info fs.FileInfo, depth int) error {
	if !info.IsDir() && !info.Mode().IsRegular() {
		b.gap(rel, "not a regular file but a "+typeName(info.Mode())+"; it was not opened")
		return nil
	}
	err := b.visit(rel, info)
	switch {
	case errors.Is(err, fs.SkipDir):
		return nil
	case err != nil || !info.IsDir():
		return err
	}
	return b.folder(ctx, rel, depth+1)
}

// target is what a symbolic link leads to; nil if that was visited by another
// link already, or is a folder around the link.
func (b *below) target(rel string) (fs.FileInfo, error) {
	real, err := filepath.EvalSymlinks(filepath.Join(b.tree.real, filepath.FromSlash(rel)))
	if err != nil {
		return nil, errors.New("a symbolic link that leads nowhere or in a circle")
	}
	target, inside := b.tree.Relative(real)
	if !inside {
		return nil, errors.New("a symbolic link out of the scanned folder; it was not followed")
	}
	info, err := os.Lstat(real)
	if err != nil {
		return nil, reason(err)
	}
	if info.IsDir() {
		around := target == "." || strings.HasPrefix(rel, target+"/")
		if around || b.visited[target] {
			return nil, nil
		}
		b.visited[target] = true
	}
	return info, nil
}
