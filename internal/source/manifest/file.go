package manifest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/tree"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// cachedSize is the size up to which files are read as a whole to look them up
// in the cache; larger ones are streamed.
const cachedSize = 8 << 20

// batch is what one file, chart or Kustomize root held.
type batch struct {
	origin    string
	namespace string // of objects that name none
	documents []*graph.Document
	gaps      []graph.Gap
	others    int
}

// reader reads single files with the decoders and the cache of a source.
type reader struct {
	limits Limits
	cache  Cache
	// found reads files that a walk came across, explicit those that the user
	// named: there, a file that is no manifest at all is a mistake.
	found, explicit *yamldoc.Decoder
}

func newReader(o Options) *reader {
	decoder := func(skipForeign bool) *yamldoc.Decoder {
		return yamldoc.NewDecoder(yamldoc.Options{
			Limits: o.Limits.Limits, Workers: o.Workers, ObjectsOnly: true, SkipForeign: skipForeign,
		})
	}
	return &reader{limits: o.Limits, cache: o.Cache, found: decoder(true), explicit: decoder(false)}
}

// fromTree reads a file of a folder.
func (r *reader) fromTree(ctx context.Context, t *tree.Tree, rel string) batch {
	name := t.Display(rel)
	f, err := t.OpenFile(rel)
	if err != nil {
		return failed(name, fmt.Sprintf("can't be opened: %v", err))
	}
	defer func() { _ = f.Close() }()
	return r.file(ctx, f, name, false)
}

// file reads an open file, from the cache if it is known there.
func (r *reader) file(ctx context.Context, f *os.File, name string, explicit bool) batch {
	info, err := f.Stat()
	if err != nil {
		return failed(name, fmt.Sprintf("can't be read: %v", err))
	}
	if most := r.limits.FileBytes; info.Size() > most {
		return failed(name, fmt.Sprintf("%d bytes, more than the %d that a file may have; it was not scanned; split it", info.Size(), most))
	}
	if r.cache == nil || info.Size() > cachedSize || !info.Mode().IsRegular() {
		return r.stream(ctx, f, name, explicit)
	}
	content, err := io.ReadAll(io.LimitReader(f, cachedSize))
	if err != nil {
		return failed(name, fmt.Sprintf("can't be read: %v", err))
	}
	return r.cached(ctx, content, name, explicit)
}

func (r *reader) cached(ctx context.Context, content []byte, name string, explicit bool) batch {
	key := cacheKey(content, name, r.limits.Limits, explicit)
	if value, ok := r.cache.Get(key); ok {
		if result, err := decodeResult(value); err == nil {
			return asBatch(name, result)
		}
	}
	result := r.decoder(explicit).Decode(ctx, bytes.NewReader(content), name)
	if value, err := encodeResult(result); err == nil && ctx.Err() == nil {
		r.cache.Put(key, value)
	}
	return asBatch(name, result)
}

func (r *reader) stream(ctx context.Context, in io.Reader, name string, explicit bool) batch {
	return asBatch(name, r.decoder(explicit).Decode(ctx, in, name))
}

func (r *reader) decoder(explicit bool) *yamldoc.Decoder {
	if explicit {
		return r.explicit
	}
	return r.found
}

func asBatch(name string, result yamldoc.Result) batch {
	return batch{origin: name, documents: result.Documents, gaps: result.Gaps, others: result.Others}
}

func failed(name, why string) batch {
	return batch{origin: name, gaps: []graph.Gap{{Subject: name, Position: graph.Position{File: name}, Reason: why}}}
}

// named reads a file by the path that the user gave.
func (s *Source) named(ctx context.Context, path string) batch {
	name := filepath.ToSlash(filepath.Clean(path))
	f, err := openNamed(path)
	if err != nil {
		return failed(name, err.Error())
	}
	defer func() { _ = f.Close() }()
	if tree.IsArchiveName(name) {
		return s.charts.archive(ctx, f, name, true)
	}
	// Reading a pipe whose other end keeps silent ends with the context.
	stop := context.AfterFunc(ctx, func() { _ = f.Close() })
	defer stop()
	b := s.reader.file(ctx, f, name, true)
	if info, err := f.Stat(); err == nil && info.Mode()&os.ModeNamedPipe != 0 && b.isEmpty() {
		return failed(name, "an empty pipe; nothing wrote into it")
	}
	return b
}

func (b *batch) isEmpty() bool { return len(b.documents)+len(b.gaps)+b.others == 0 }

// openNamed opens a file that the user named: a regular file or a pipe.
// Devices are refused: reading one may never end.
func openNamed(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|tree.NonBlocking, 0)
	if err != nil {
		return nil, fmt.Errorf("can't be opened: %w", err)
	}
	info, err := f.Stat()
	if err == nil && info.Mode()&(os.ModeDevice|os.ModeSocket|os.ModeIrregular) != 0 {
		err = errors.New("a device or socket, not a file; use - to read standard input")
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("can't be read: %w", err)
	}
	return f, nil
}
