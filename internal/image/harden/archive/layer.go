package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/zstd"
)

// Read hands the uncompressed layer to a function, and checks its digest when
// the function has read it.
func (l *Layer) Read(use func(io.Reader) error) error {
	f, err := l.open()
	if err != nil {
		return fmt.Errorf("layer %s: %w", l.DiffID, err)
	}
	defer func() { _ = f.Close() }()
	content, done, err := uncompress(f)
	if err != nil {
		return fmt.Errorf("layer %s: %w", l.DiffID, err)
	}
	defer done()
	sum := sha256.New()
	if err := use(io.TeeReader(content, sum)); err != nil {
		return err
	}
	return l.check(content, sum)
}

// mostPadding bounds what may follow the end of the archive.
const mostPadding = 64 << 20

// check reads what follows the archive and compares the digest.
func (l *Layer) check(rest io.Reader, sum hash.Hash) error {
	n, err := io.Copy(sum, io.LimitReader(rest, mostPadding+1))
	switch {
	case err != nil:
		return fmt.Errorf("layer %s: %w", l.DiffID, err)
	case n > mostPadding:
		return fmt.Errorf("layer %s: data follows its archive", l.DiffID)
	}
	if got := "sha256:" + hex.EncodeToString(sum.Sum(nil)); got != l.DiffID {
		return fmt.Errorf("layer %s: its content has the digest %s: the image is damaged", l.DiffID, got)
	}
	return nil
}

// uncompress tells the compression by the first bytes.
func uncompress(f io.Reader) (io.Reader, func(), error) {
	buffered := bufio.NewReaderSize(f, 1<<20)
	magic, err := buffered.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(buffered)
		return z, func() {}, err
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return buffered, func() {}, nil
}
