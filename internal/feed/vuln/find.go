package vuln

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// fileName is the file in the user's cache folder.
const fileName = "vuln.db"

// DefaultPath is where an imported database is kept when the user names no file.
func DefaultPath() (string, error) {
	folder, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache folder for the vulnerability database: %w: name a file with --db", err)
	}
	return filepath.Join(folder, "foil", fileName), nil
}

// Find opens the database to use: the one that was named, else the one in the
// user's cache folder, else the one that is built in. A file that is there and
// can't be read is an error, and never replaced by an older one in silence.
func Find(explicit string) (*DB, error) {
	if explicit != "" {
		return Open(explicit)
	}
	path, err := DefaultPath()
	if err != nil {
		return Starter()
	}
	db, err := Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Starter()
	}
	return db, err
}
