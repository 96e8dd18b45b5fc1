package eol

import (
	_ "embed" // the built-in copy
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed data/snapshot.bin
var builtIn string

// Embedded is the built-in copy.
func Embedded() (*DB, error) {
	db, err := parse(builtIn)
	if err != nil {
		return nil, fmt.Errorf("the built-in end-of-life data: %w", err)
	}
	return db, nil
}

// Default is the file in the user's cache folder that updates go to.
func Default() (string, error) {
	folder, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for the end-of-life data: %w", err)
	}
	return filepath.Join(folder, "foil", "eol.db"), nil
}

// Find opens the file that is named; without a name, the user's when its data is
// newer than the built-in copy, and that copy otherwise.
func Find(explicit string) (*DB, error) {
	if explicit != "" {
		return Open(explicit)
	}
	built, err := Embedded()
	if err != nil {
		return nil, err
	}
	path, err := Default()
	if err != nil {
		return built, nil //nolint:nilerr // no home, no update
	}
	updated, err := Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return built, nil
	case err != nil:
		return nil, err
	}
	return newest(built, updated)
}

func newest(built, updated *DB) (*DB, error) {
	old, err := built.Stamp()
	if err != nil {
		return nil, err
	}
	s, err := updated.Stamp()
	if err != nil {
		return nil, err
	}
	if s.MadeAt().Before(old.MadeAt()) && !s.MadeAt().IsZero() {
		return built, nil
	}
	return updated, nil
}
