package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/zstd"
)

// mostPadding bounds what may follow the end of the archive.
const mostPadding = 64 << 20

// check reads what follows the archive and compares the digest.
func check(rest io.Reader, sum hash.Hash, want string) error {
	n, err := io.Copy(sum, io.LimitReader(rest, mostPadding+1))
	switch {
	case err != nil:
		return err
	case n > mostPadding:
		return errors.New("data follows its archive")
	}
	if got := "sha256:" + hex.EncodeToString(sum.Sum(nil)); got != want {
		return fmt.Errorf("its content has the digest %s and not %s: the image is damaged", got, want)
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
