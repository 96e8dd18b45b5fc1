package update

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/foilsec/foil/internal/feed/vuln"
)

// Export copies a database to a file, with its checksum in FILE.sha256, to be
// carried to where there is no network. It returns the checksum.
func Export(ctx context.Context, db *vuln.DB, path string) (string, error) {
	sum := sha256.New()
	err := replace(ctx, path, func(w io.Writer) error {
		_, err := db.WriteTo(io.MultiWriter(w, sum))
		return err
	})
	if err != nil {
		return "", err
	}
	text := hex.EncodeToString(sum.Sum(nil))
	err = replace(ctx, path+".sha256", func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s  %s\n", text, filepath.Base(path))
		return err
	})
	return text, err
}

// sumOf is the SHA-256 of a file.
func sumOf(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return nil, err
	}
	return sum.Sum(nil), nil
}
