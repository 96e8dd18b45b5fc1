package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
)

// LayerFile is a compressed layer in a file.
type LayerFile struct {
	DiffID string
	Digest string
	Size   int64
	path   string
}

// level is fixed, because other levels give other bytes.
const level = 6

// Compress writes a layer into a file. The function writes the archive.
func Compress(name string, write func(io.Writer) error) (*LayerFile, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write the layer: %w", err)
	}
	defer func() { _ = f.Close() }()
	outer, inner, size := sha256.New(), sha256.New(), counter(0)
	z, err := gzip.NewWriterLevel(io.MultiWriter(f, outer, &size), level)
	if err != nil {
		return nil, err
	}
	if err := write(io.MultiWriter(z, inner)); err != nil {
		return nil, fmt.Errorf("write the layer: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("write the layer: %w", err)
	}
	return &LayerFile{
		DiffID: "sha256:" + hex.EncodeToString(inner.Sum(nil)),
		Digest: "sha256:" + hex.EncodeToString(outer.Sum(nil)),
		Size:   int64(size), path: name,
	}, f.Close()
}

// counter counts bytes.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
