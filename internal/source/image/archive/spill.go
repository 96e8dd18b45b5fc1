package archive

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

func compressed(file io.ReaderAt) bool {
	head := make([]byte, 4)
	n, _ := file.ReadAt(head, 0) // a short file is not compressed
	return bytes.HasPrefix(head[:n], gzipMagic) || bytes.Equal(head[:n], zstdMagic)
}

// pour copies a stream, expanded, and stops at a limit or with the context.
func pour(ctx context.Context, to *os.File, from io.Reader, most int64) (int64, error) {
	buffered := bufio.NewReaderSize(from, 1<<16)
	head, _ := buffered.Peek(4) // an error shows again when it is read
	var source io.Reader = buffered
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		r, err := gzip.NewReader(buffered)
		if err != nil {
			return 0, fmt.Errorf("expand the archive: %w", err)
		}
		source = r
	case bytes.Equal(head, zstdMagic):
		r, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return 0, fmt.Errorf("expand the archive: %w", err)
		}
		defer r.Close()
		source = r
	}
	var size int64
	part := make([]byte, 256<<10)
	for {
		n, err := source.Read(part)
		if size += int64(n); size > most {
			return 0, fmt.Errorf("the archive is larger than %d bytes, the limit for what is not a plain file: save it to a file and give its name", most)
		}
		if _, err := to.Write(part[:n]); err != nil {
			return 0, fmt.Errorf("keep the archive beside: %w; make room or set TMPDIR", err)
		}
		switch {
		case err == io.EOF:
			return size, nil
		case err != nil:
			return 0, fmt.Errorf("read the archive: %w", err)
		case ctx.Err() != nil:
			return 0, context.Cause(ctx)
		}
	}
}
