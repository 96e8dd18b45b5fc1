// Package cache keeps results between runs in a folder: one file for each key,
// private to the user. Losing it costs time and nothing else, so it never fails
// a scan: what can't be read is absent, what can't be written is forgotten.
//
// Callers decide what a key stands for; the key must name everything that the
// value depends on. The package knows nothing about the values.
package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Folder is a cache in a folder. It is safe for concurrent use, by several
// processes too.
type Folder struct{ root string }

// maxAge is how long an entry is kept that nobody asked for.
const maxAge = 30 * 24 * time.Hour

// Open makes the folder if it is not there.
func Open(root string) (*Folder, error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("open the cache: %w; give another folder with --cache", err)
	}
	return &Folder{root}, nil
}

// Get is the value of a key.
func (f *Folder) Get(key string) (value []byte, ok bool) {
	path := f.path(key)
	value, err := os.ReadFile(path)
	if err != nil {
		return nil, false
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // used just now: kept for another maxAge
	return value, true
}

// Put stores a value. A reader sees the old value or the new one, never a part.
func (f *Folder) Put(key string, value []byte) {
	path := f.path(key)
	if os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return
	}
	_, err = temporary.Write(value)
	if closeErr := temporary.Close(); err != nil || closeErr != nil || os.Rename(temporary.Name(), path) != nil {
		_ = os.Remove(temporary.Name())
	}
}

// Sweep deletes entries that were not used for a month.
func (f *Folder) Sweep(now time.Time) {
	_ = filepath.WalkDir(f.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil //nolint:nilerr // what can't be seen can't be swept
		}
		if info, err := d.Info(); err == nil && now.Sub(info.ModTime()) > maxAge {
			_ = os.Remove(path) //nolint:gosec // the folder is private to the user; a link in it is removed, not followed
		}
		return nil
	})
}

func (f *Folder) path(key string) string {
	sum := sha256.Sum256([]byte(key))
	name := hex.EncodeToString(sum[:])
	return filepath.Join(f.root, name[:2], name[2:])
}
