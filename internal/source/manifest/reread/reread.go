// Package reread reads a part of what package manifest read once more, with
// other content for some of the files: it shows what a change would make of a
// file, a chart or a Kustomize root before anything is written.
//
// Charts and kustomizations are read from a copy in a temporary folder, which
// is removed again; the user's files are only read.
package reread

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// Reader reads again what a source with the same options read. It is not safe
// for concurrent use, and has to be closed.
type Reader struct {
	options manifest.Options
	// base is the folder that holds all that objects are made from: the scanned
	// one, or more where kustomizations have bases outside of it.
	base string
	// copied is the copy of it, once one is needed; written are its files that
	// differ from the original.
	copied  string
	written map[string]bool
}

// New makes a reader for a snapshot that was read from a target, which is a
// folder or a file.
func New(o manifest.Options, target string, s *graph.Snapshot) (*Reader, error) {
	folder := filepath.Clean(target)
	if info, err := os.Stat(target); err == nil && !info.IsDir() {
		folder = filepath.Dir(folder)
	}
	o.Cache, o.Progress = nil, nil
	base, err := commonFolder(folder, s)
	if err != nil {
		return nil, err
	}
	return &Reader{options: o, base: base, written: map[string]bool{}}, nil
}

// Close removes what the reader wrote.
func (r *Reader) Close() error {
	if r.copied == "" {
		return nil
	}
	return os.RemoveAll(r.copied)
}

// commonFolder is the folder that holds a folder and every file that objects of
// a snapshot are made from.
func commonFolder(folder string, s *graph.Snapshot) (string, error) {
	files := map[string]bool{}
	for n := range s.Nodes() {
		addFiles(n.Object, files)
	}
	for name := range files {
		for !inside(name, folder) {
			up := filepath.Join(folder, "..")
			if up == folder {
				return "", fmt.Errorf("%s and %s are in no common folder", name, folder)
			}
			folder = up
		}
	}
	return folder, nil
}

func addFiles(v graph.Value, into map[string]bool) {
	if file := v.Position().File; file != "" && file != manifest.StdinName {
		into[file] = true
	}
	for _, f := range v.Fields() {
		addFiles(f, into)
	}
	for _, item := range v.Items() {
		addFiles(item, into)
	}
}

func inside(name, folder string) bool {
	rel, err := filepath.Rel(folder, filepath.FromSlash(name))
	return err == nil && filepath.IsLocal(rel)
}

// Read gives the objects of an origin as they are when some files have other
// content. Files are named as positions name them.
func (r *Reader) Read(ctx context.Context, origin string, changed map[string][]byte) ([]graph.Value, error) {
	if data, ok := changed[origin]; ok {
		return r.file(ctx, data, origin)
	}
	if err := r.prepare(ctx, changed); err != nil {
		return nil, fmt.Errorf("make a copy of %s: %w", r.base, err)
	}
	return r.fromCopy(ctx, origin)
}

// file reads the objects of a plain file.
func (r *Reader) file(ctx context.Context, data []byte, name string) ([]graph.Value, error) {
	docs, gaps := yamldoc.DecodeBytes(ctx, data, name, r.options.Limits.Limits)
	var broken []error
	for _, g := range gaps {
		broken = append(broken, fmt.Errorf("line %d: %s", g.Position.Line, g.Reason))
	}
	if len(docs) == 0 && len(broken) > 0 {
		return nil, errors.Join(broken...)
	}
	var objects []graph.Value
	for _, d := range docs {
		if yamldoc.IsObject(d) {
			objects = append(objects, d.Root())
		}
	}
	return objects, nil
}

// fromCopy reads the origin in the copy.
func (r *Reader) fromCopy(ctx context.Context, origin string) ([]graph.Value, error) {
	where, err := r.inCopy(origin)
	if err != nil {
		return nil, err
	}
	o := r.options
	o.Paths = []string{where}
	b := &graph.Builder{}
	if err := manifest.New(o).Collect(ctx, b); err != nil {
		return nil, err
	}
	s := b.Snapshot()
	if gaps := s.Gaps(); len(gaps) > 0 && s.Len() == 0 {
		at := r.original(gaps[0].Position.File)
		if line := gaps[0].Position.Line; line > 0 {
			at += fmt.Sprintf(":%d", line)
		}
		return nil, fmt.Errorf("%s: %s", at, strings.ReplaceAll(gaps[0].Reason, r.copied, r.base))
	}
	return r.objects(s, filepath.ToSlash(where))
}

// original is the name of a file of the copy in the original.
func (r *Reader) original(name string) string {
	if rel, ok := strings.CutPrefix(name, filepath.ToSlash(r.copied)+"/"); ok {
		return path.Join(filepath.ToSlash(r.base), rel)
	}
	return name
}

// objects are those of one origin of the copy, with the positions that they
// have in the original.
func (r *Reader) objects(s *graph.Snapshot, origin string) ([]graph.Value, error) {
	var objects []graph.Value
	var mover yamldoc.Mover
	for n := range s.Nodes() {
		if n.Provenance.Origin != origin {
			continue
		}
		moved, err := mover.Move(n.Object.Document(), func(v graph.Value) graph.Position {
			at := v.Position()
			at.File = r.original(at.File)
			return at
		})
		if err != nil {
			return nil, err
		}
		objects = append(objects, moved.Root())
	}
	return objects, nil
}
