package image

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/layer"
)

// Read reads what the reference names. It fails when nothing could be read, or
// when the documents of the image are not what their digests say; what is wrong
// with a part is a gap of the artifact.
func Read(ctx context.Context, o Options) (*artifact.Artifact, error) {
	o = o.withDefaults()
	if o.Catalog == nil {
		return nil, errors.New("read an image: no catalog was given")
	}
	p, err := Locate(o.Reference)
	if err != nil {
		return nil, err
	}
	if p.Scheme == Directory || p.Scheme == SingleFile {
		return o.completed(o.readDisk(ctx, p))
	}
	opened, err := o.open(ctx, p)
	if err != nil {
		return nil, err
	}
	defer opened.Close() //nolint:errcheck // it was only read
	return o.completed(o.readImage(ctx, opened))
}

// ReadOpened reads an image that is open already.
func ReadOpened(ctx context.Context, o Options, opened *Opened) (*artifact.Artifact, error) {
	return o.completed(o.withDefaults().readImage(ctx, opened))
}

func (o Options) completed(a *artifact.Artifact, err error) (*artifact.Artifact, error) {
	if err == nil && o.Complete != nil {
		o.Complete(a)
	}
	return a, err
}

// bare is the reference without its scheme: the same image has the same name
// wherever it is read from.
func bare(reference string) string {
	for _, s := range Schemes() {
		if rest, ok := strings.CutPrefix(reference, string(s)+":"); ok {
			return strings.TrimPrefix(rest, "//")
		}
	}
	return reference
}

func (o Options) readImage(ctx context.Context, opened *Opened) (*artifact.Artifact, error) {
	a := describe(opened, bare(o.Reference))
	s := &stack{options: o, opened: opened, progress: newProgress(o.Progress, opened)}
	u := newUnion()
	err := s.each(ctx, func(n int, r *layer.Result) error { return u.lay(n, s.blob(n).Name, r) })
	if err != nil {
		return nil, fmt.Errorf("read the image %s: %w", o.Reference, err)
	}
	for n, names := range byLayer(findAliases(u, o.Catalog)) {
		files, err := s.again(ctx, n, names)
		if err != nil {
			return nil, fmt.Errorf("read the image %s: %w", o.Reference, err)
		}
		for _, f := range files {
			u.keep(f, uint16(n), true)
		}
	}
	u.locate()
	b := bases{o.Cache, o.KnownBases}
	b.attribute(a, opened)
	(&assemble{union: u, artifact: a, scope: o.Scope}).run(o.Catalog)
	b.remember(a, opened)
	return a, nil
}

// byLayer sorts names of contents by the layers that hold them.
func byLayer(names map[content]string) map[int]map[uint32][]string {
	layers := map[int]map[uint32][]string{}
	for c, name := range names {
		n := int(c.layer)
		if layers[n] == nil {
			layers[n] = map[uint32][]string{}
		}
		layers[n][c.entry] = []string{name}
	}
	return layers
}
