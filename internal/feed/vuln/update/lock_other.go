//go:build !unix

package update

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// lock makes a file that must not be there yet.
func lock(path string) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%w, or remove %s if there is none", ErrBusy, path)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the database: %w", err)
	}
	return func() { _ = f.Close(); _ = os.Remove(path) }, nil
}
