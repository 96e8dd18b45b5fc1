package update

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ErrBusy is the reason when another process writes the database.
var ErrBusy = errors.New("another foil is writing the database: wait until it is done")

// replace writes a file as a whole or not at all.
func replace(ctx context.Context, path string, write func(io.Writer) error) error {
	if there, err := os.Stat(path); err == nil && !there.Mode().IsRegular() {
		return fmt.Errorf("write %s: it is there and is no regular file; give another name", path)
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".vuln-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	err = write(temporary)
	if err == nil {
		err = temporary.Sync()
	}
	err = errors.Join(err, temporary.Close())
	if err == nil {
		err = ctx.Err() // an interrupt that came while writing still counts
	}
	if err == nil {
		err = os.Chmod(temporary.Name(), 0o644) //nolint:gosec // public data, which other users may read
	}
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// alone runs work while no other process writes the database.
func alone(path string, work func() error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // as the file in it
		return fmt.Errorf("make the folder of the database: %w", err)
	}
	release, err := lock(path + ".lock")
	if err != nil {
		return err
	}
	defer release()
	return work()
}
