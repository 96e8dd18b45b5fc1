package layer

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"

	"github.com/foilsec/foil/internal/source/image/inflate"
)

// stored is the blob as it is stored, with its digest taken on the way.
type stored struct {
	source   io.Reader
	sum      hash.Hash
	size     atomic.Int64
	progress func(int64)
}

func (s *stored) Read(p []byte) (int, error) {
	n, err := s.source.Read(p)
	s.sum.Write(p[:n])
	s.size.Add(int64(n))
	if s.progress != nil && n > 0 {
		s.progress(int64(n))
	}
	return n, err
}

// newSum is the sum of an algorithm that a digest names.
func newSum(digest string) hash.Hash {
	if strings.HasPrefix(digest, "sha512:") {
		return sha512.New()
	}
	return sha256.New()
}

// digestOf is the digest of a sum.
func digestOf(sum hash.Hash) string {
	algorithm := "sha256:"
	if sum.Size() == sha512.Size {
		algorithm = "sha512:"
	}
	return algorithm + hex.EncodeToString(sum.Sum(nil))
}

// Compressions that are told apart by their first bytes. What the manifest says
// does not count: builders get it wrong.
var (
	gzipMagic  = []byte{0x1f, 0x8b}
	zstdMagic  = []byte{0x28, 0xb5, 0x2f, 0xfd}
	zstdSkip   = []byte{0x2a, 0x4d, 0x18} // of a skippable frame, after its first byte
	xzMagic    = []byte{0xfd, '7', 'z', 'X', 'Z', 0}
	bzip2Magic = []byte("BZh")
)

// mostWindow is how far zstd may look back: what its strongest level asks for.
const mostWindow = 128 << 20

// expand is the content of a compressed blob. The second result ends it.
func expand(blob io.Reader) (io.Reader, func(), error) {
	buffered := bufio.NewReaderSize(blob, 1<<16) // larger reads go past it
	head, err := buffered.Peek(6)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		return inflate.NewReader(buffered), func() {}, nil
	case bytes.HasPrefix(head, zstdMagic), len(head) > 4 && bytes.Equal(head[1:4], zstdSkip) && head[0]>>4 == 5:
		r, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(mostWindow))
		if err != nil {
			return nil, nil, err
		}
		return r, r.Close, nil
	case bytes.HasPrefix(head, xzMagic), bytes.HasPrefix(head, bzip2Magic):
		return nil, nil, errors.New("it is compressed with xz or bzip2, which the image format does not allow: convert it with a current tool")
	}
	return buffered, func() {}, nil
}

const (
	blockSize = 1 << 17
	blocks    = 4
)

// block is a part of the expanded content.
type block struct {
	data []byte
	err  error
}

// pump expands in a goroutine of its own, so that two processors share the work
// of one layer. It ends when the content does or the context is done; the
// channel is closed then.
func pump(ctx context.Context, r io.Reader, full chan<- block, empty <-chan []byte) {
	defer close(full)
	for {
		var buffer []byte
		select {
		case buffer = <-empty:
		case <-ctx.Done():
			return
		}
		n, err := readBlock(r, buffer[:blockSize])
		select {
		case full <- block{buffer[:n], err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// readBlock fills a buffer. Unlike io.ReadFull it tells a content that is over
// from one that was cut.
func readBlock(r io.Reader, buffer []byte) (n int, err error) {
	for n < len(buffer) && err == nil {
		var more int
		more, err = r.Read(buffer[n:])
		n += more
	}
	return n, err
}

// content is the expanded content, with its digest taken on the way. It skips
// without copying when it is asked to seek forward.
type content struct {
	ctx    context.Context
	full   <-chan block
	empty  chan<- []byte
	now    block
	rest   []byte
	sum    hash.Hash
	size   int64 // how much came out of the pump
	check  func(size int64) error
	ending error
}

func newContent(ctx context.Context, r io.Reader, sum hash.Hash, check func(int64) error) *content {
	full, empty := make(chan block, blocks), make(chan []byte, blocks)
	for range blocks {
		empty <- make([]byte, blockSize)
	}
	go pump(ctx, r, full, empty)
	return &content{ctx: ctx, full: full, empty: empty, sum: sum, check: check}
}

// next fetches a block when there is none left.
func (c *content) next() error {
	for len(c.rest) == 0 {
		if c.ending != nil {
			return c.ending
		}
		if c.now.data != nil {
			c.empty <- c.now.data[:cap(c.now.data)]
			c.now.data = nil
		}
		var ok bool
		if c.now, ok = <-c.full; !ok {
			c.ending = context.Cause(c.ctx)
			continue
		}
		c.rest, c.ending = c.now.data, c.now.err
		c.sum.Write(c.rest)
		c.size += int64(len(c.rest))
		if err := c.check(c.size); err != nil {
			c.rest, c.ending = nil, err
		}
	}
	return nil
}

func (c *content) Read(p []byte) (int, error) {
	if err := c.next(); err != nil {
		return 0, err
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// Seek goes forward from where it is, which is all that skipping needs.
func (c *content) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekCurrent || offset < 0 {
		return 0, errors.ErrUnsupported
	}
	for offset > 0 {
		if err := c.next(); err != nil {
			return 0, fmt.Errorf("skip %d bytes: %w", offset, err)
		}
		n := min(offset, int64(len(c.rest)))
		c.rest, offset = c.rest[n:], offset-n
	}
	return c.size - int64(len(c.rest)), nil
}

// drain reads what is left, so that the digests are those of the whole.
func (c *content) drain() error {
	for {
		if err := c.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		c.rest = nil
	}
}
