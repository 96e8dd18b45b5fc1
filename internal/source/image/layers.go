package image

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/layer"
	"github.com/foilsec/foil/internal/source/image/tree"
)

// stack is the layers of an image while they are read.
type stack struct {
	options  Options
	opened   *Opened
	progress *progress
}

// blob is a layer for its reader.
func (s *stack) blob(n int) layer.Blob {
	l := &s.opened.Layers[n]
	return layer.Blob{
		Name:   fmt.Sprintf("layer %d of %d", n+1, len(s.opened.Layers)),
		Digest: l.Digest, DiffID: l.DiffID, Size: l.Size,
		Open: func(ctx context.Context) (io.ReadCloser, error) { return s.opened.Layer(ctx, n) },
	}
}

func (s *stack) reading() layer.Options {
	return layer.Options{Catalog: s.options.Catalog, Limits: s.options.Limits.Limits, Spill: s.options.Spill, Progress: s.progress.add}
}

// read is the result of a layer, read or remembered.
func (s *stack) read(ctx context.Context, n int) (*layer.Result, error) {
	l := &s.opened.Layers[n]
	if l.Missing != "" {
		return missing(s.blob(n).Name, l.Missing), nil
	}
	key := s.key(n)
	if kept := s.remembered(key, n); kept != nil {
		return kept, nil
	}
	result, err := layer.Read(ctx, s.reading(), s.blob(n))
	if err == nil && !result.Whole && s.opened.remote {
		result, err = layer.Read(ctx, s.reading(), s.blob(n)) // the connection may have been cut
	}
	if err != nil {
		return nil, err
	}
	if result.Whole && s.options.Cache != nil {
		if kept, err := result.Encode(); err == nil { // what can't be kept is read again
			s.options.Cache.Put(key, kept)
		}
	}
	return result, nil
}

// key names what the result of a layer depends on.
func (s *stack) key(n int) string {
	l := &s.opened.Layers[n]
	digest := l.Digest
	if digest == "" {
		digest = "expanded " + l.DiffID
	}
	return fmt.Sprintf("image layer %s %s %+v", digest, s.options.Catalog.Version(), s.options.Limits.Limits)
}

// remembered is a kept result. The content of the layer is not looked at again:
// the digest by which the image names it is trusted as far as the sizes and the
// digests of the expanded content agree.
func (s *stack) remembered(key string, n int) *layer.Result {
	if s.options.Cache == nil {
		return nil
	}
	kept, ok := s.options.Cache.Get(key)
	if !ok {
		return nil
	}
	l := &s.opened.Layers[n]
	result, err := layer.Decode(kept)
	if err != nil || result.DiffID != l.DiffID || result.Size != l.Size {
		return nil
	}
	return result
}

// missing is the result of a layer that can't be read.
func missing(name, why string) *layer.Result {
	return &layer.Result{
		Index: &tree.Index{Tree: tree.New()},
		Gaps:  []artifact.Gap{{Path: name, Reason: why}},
	}
}

// each reads all layers, some at a time, and hands them over from the lowest up.
func (s *stack) each(ctx context.Context, use func(n int, r *layer.Result) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	count := len(s.opened.Layers)
	results := make([]chan *layer.Result, count)
	for i := range results {
		results[i] = make(chan *layer.Result, 1)
	}
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel(nil) // before waiting
	next := make(chan int)
	for range min(s.options.Workers, count) {
		workers.Go(func() { s.work(ctx, cancel, next, results) })
	}
	workers.Go(func() { feed(ctx, count, next) })
	for n := range count {
		select {
		case r := <-results[n]:
			if err := use(n, r); err != nil {
				return err
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

func feed(ctx context.Context, count int, next chan<- int) {
	defer close(next)
	for n := range count {
		select {
		case next <- n:
		case <-ctx.Done():
			return
		}
	}
}

func (s *stack) work(ctx context.Context, cancel context.CancelCauseFunc, next <-chan int, results []chan *layer.Result) {
	for n := range next {
		r, err := s.read(ctx, n)
		if err != nil {
			cancel(err)
			return
		}
		s.progress.done(s.opened.Layers[n].Size)
		results[n] <- r
	}
}
