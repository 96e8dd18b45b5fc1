package image

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/layer"
	"github.com/foilsec/foil/internal/source/image/rootfs"
	"github.com/foilsec/foil/internal/source/image/tree"
)

// readDisk reads a folder or a file that is no image.
func (o Options) readDisk(ctx context.Context, p Place) (*artifact.Artifact, error) {
	info, err := os.Stat(p.Path)
	switch {
	case err != nil:
		return nil, err
	case !info.IsDir():
		return o.readFile(ctx, p.Path, info)
	case p.Scheme == SingleFile:
		return nil, fmt.Errorf("%s is a folder: give it as dir:%s", p.Path, p.Path)
	}
	return o.readFolder(ctx, p.Path)
}

func (o Options) readFolder(ctx context.Context, path string) (*artifact.Artifact, error) {
	p := newProgress(o.Progress, nil)
	folder, err := rootfs.Open(path, layer.Options{Catalog: o.Catalog, Limits: o.Limits.Limits, Progress: p.add})
	if err != nil {
		return nil, err
	}
	defer folder.Close() //nolint:errcheck // it was only read
	result, err := folder.Read(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the folder %s: %w", path, err)
	}
	u := newUnion()
	if err := u.lay(0, path, result); err != nil {
		return nil, err
	}
	for _, names := range byLayer(findAliases(u, o.Catalog)) {
		files, err := folder.Again(ctx, names)
		if err != nil {
			return nil, fmt.Errorf("read the folder %s: %w", path, err)
		}
		for _, f := range files {
			u.keep(f, 0, true)
		}
	}
	return o.finishDisk(u, &artifact.Artifact{Form: artifact.Folder, Reference: bare(o.Reference)}), nil
}

// finishDisk settles what was found outside of layers.
func (o Options) finishDisk(u *union, a *artifact.Artifact) *artifact.Artifact {
	u.locate()
	(&assemble{union: u, artifact: a}).run(o.Catalog)
	for i := range a.Packages {
		a.Packages[i].Layer = -1
	}
	for i := range a.Programs {
		a.Programs[i].Layer = -1
	}
	for i := range a.Secrets {
		a.Secrets[i].Layer = -1
	}
	for i := range a.Documents {
		a.Documents[i].Layer = -1
	}
	return a
}

func (o Options) readFile(ctx context.Context, path string, info os.FileInfo) (*artifact.Artifact, error) {
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is neither a file nor a folder", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	a := &artifact.Artifact{Form: artifact.File, Reference: bare(o.Reference)}
	name := filepath.Base(path)
	f := layer.File{Path: name}
	if info.Size() > o.Limits.File {
		f.Gaps = []artifact.Gap{{Path: name, Reason: fmt.Sprintf("its %d bytes are more than the limit of %d for one file", info.Size(), o.Limits.File)}}
	} else {
		f.Found = o.Catalog.Read(ctx, catalog.File{Path: name, Mode: info.Mode(), Size: info.Size(), Content: file})
	}
	u := newUnion()
	result := &layer.Result{Index: &tree.Index{Tree: tree.New()}, Files: []layer.File{f}}
	id, err := result.Index.Make(tree.Root, name)
	if err != nil {
		return nil, err
	}
	result.Index.Set(id, tree.Node{Kind: tree.Regular, Mode: info.Mode().Perm(), Size: info.Size()})
	if err := u.lay(0, name, result); err != nil {
		return nil, err
	}
	return o.finishDisk(u, a), context.Cause(ctx)
}
