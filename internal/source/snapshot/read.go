package snapshot

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source"
)

// DefaultMaxMemory bounds what a file may take when it is read. A cluster of
// 20,000 objects takes about a tenth of it.
const DefaultMaxMemory = 4 << 30

// maxWindow bounds the buffer of the decompressor; foil writes windows of at
// most 8 MiB.
const maxWindow = 32 << 20

// File is a saved snapshot as a source.
type File struct {
	// MaxMemory refuses a file that would take more bytes of memory than this;
	// Open sets DefaultMaxMemory.
	MaxMemory int64

	path string
	info Info
}

var _ source.Source = (*File)(nil)

// IsSnapshot reports whether the file at path begins as a snapshot does. It is
// false for what can't be read.
func IsSnapshot(path string) bool {
	f, _, err := openRegular(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // only read
	begin := make([]byte, len(magic))
	_, err = io.ReadFull(f, begin)
	return err == nil && string(begin) == magic
}

// Open checks the head of the file at path and reads its description. The rest
// is read by Collect.
func Open(path string) (*File, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	h, err := readHeader(f, size)
	if err != nil {
		return nil, fmt.Errorf("snapshot: read %s: %w", path, err)
	}
	info, err := h.description()
	if err != nil {
		return nil, fmt.Errorf("snapshot: read %s: %w", path, err)
	}
	return &File{MaxMemory: DefaultMaxMemory, path: path, info: info}, nil
}

// Info is the description of the snapshot.
func (s *File) Info() Info { return s.info }

// Collect adds the nodes, edges and gaps of the file, with the provenance that
// they were saved with. It adds nothing when any part of the file is wrong.
func (s *File) Collect(ctx context.Context, b *graph.Builder) error {
	f, size, err := openRegular(s.path)
	if err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	saved, err := decode(ctx, f, size, s.MaxMemory)
	if err != nil {
		return fmt.Errorf("snapshot: read %s: %w", s.path, err)
	}
	for n := range saved.Nodes() {
		b.AddNode(*n)
	}
	for e := range saved.Edges() {
		b.AddEdges(*e)
	}
	for _, gap := range saved.Gaps() {
		b.AddGap(gap)
	}
	return nil
}

// decode reads a whole file. The checksum goes first, so that what does not
// decode after it is a fault of the writer, not of the disk or the transfer.
func decode(ctx context.Context, r io.ReaderAt, size, maxMemory int64) (*graph.Snapshot, error) {
	h, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, reading(ctx, h.payloadReader(r))); err != nil {
		return nil, err
	}
	if h.sum(sum) != h.checksum {
		return nil, ErrDamaged
	}
	z, err := zstd.NewReader(reading(ctx, h.payloadReader(r)), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	s, err := graph.ReadSnapshot(z, maxMemory)
	switch {
	case err == nil:
		return s, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, graph.ErrTooLarge):
		return nil, fmt.Errorf("it would take more than %d MiB of memory: %w", maxMemory>>20, err)
	}
	return nil, fmt.Errorf("%w (%w)", ErrDamaged, err)
}

func (h *header) payloadReader(r io.ReaderAt) io.Reader {
	return io.NewSectionReader(r, h.payloadOffset(), h.payload)
}

// openRegular opens a file and gives its size; a pipe or device, which could
// block or never end, is refused.
func openRegular(path string) (*os.File, int64, error) {
	// Asked before opening: to open a pipe waits for its writer.
	stat, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if !stat.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s: not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	return f, stat.Size(), nil
}

// reading is r until ctx ends.
func reading(ctx context.Context, r io.Reader) io.Reader { return &contextReader{ctx, r} }

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}
