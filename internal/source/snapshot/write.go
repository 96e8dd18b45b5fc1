package snapshot

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/foilsec/foil/internal/graph"
)

// Write saves a snapshot at path, readable by the owner alone: it tells an
// attacker where a cluster is weak. A file that was there is replaced at once
// when the new one is complete, or stays as it was.
func Write(path string, s *graph.Snapshot, info Info) error {
	if err := write(path, s, info); err != nil {
		return fmt.Errorf("snapshot: write %s: %w", path, err)
	}
	return nil
}

func write(path string, s *graph.Snapshot, info Info) (err error) {
	if there, err := os.Stat(path); err == nil && !there.Mode().IsRegular() {
		return errors.New("it is there and is no regular file; give another name")
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := encode(f, s, info); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// encode writes the file with an empty header, and the header when length and
// checksum of the payload are known.
func encode(f io.WriteSeeker, s *graph.Snapshot, info Info) error {
	description, err := json.Marshal(info)
	if err != nil {
		return fmt.Errorf("description: %w", err)
	}
	if len(description) > maxInfo {
		return fmt.Errorf("description of %d bytes, at most %d are kept", len(description), maxInfo)
	}
	h := &header{version: formatVersion, info: description}
	if _, err := f.Seek(h.payloadOffset(), io.SeekStart); err != nil {
		return err
	}
	payload := &countingWriter{to: f, sum: sha256.New()}
	if err := compress(payload, s); err != nil {
		return err
	}
	h.payload = payload.written
	h.checksum = h.sum(payload.sum)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = f.Write(append(h.bytes(), h.info...))
	return err
}

func compress(w io.Writer, s *graph.Snapshot) error {
	z, err := zstd.NewWriter(w)
	if err != nil {
		return err
	}
	if err := graph.WriteSnapshot(z, s); err != nil {
		_ = z.Close()
		return err
	}
	return z.Close()
}

// countingWriter passes bytes on, counts them and adds them to a checksum.
type countingWriter struct {
	to      io.Writer
	sum     hash.Hash
	written int64
}

func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.to.Write(b)
	w.written += int64(n)
	_, _ = w.sum.Write(b[:n])
	return n, err
}
