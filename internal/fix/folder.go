package fix

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Folder is the folder that the user named, or the one of the file that they
// named. Nothing outside of it is read or written, whatever links say.
type Folder struct {
	root *os.Root
	// name is the folder as positions name it.
	name string
}

var _ Files = (*Folder)(nil)

// OpenFolder opens the folder of what a scan was told to read: a folder, or a
// file.
func OpenFolder(target string) (*Folder, error) {
	info, err := os.Stat(target)
	if err != nil {
		return nil, fmt.Errorf("fix %s: %w", target, err)
	}
	name := filepath.Clean(target)
	if !info.IsDir() {
		name = filepath.Dir(name)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("fix %s: %w", target, err)
	}
	return &Folder{root: root, name: filepath.ToSlash(name)}, nil
}

// Close releases the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Name is the folder as the names of its files begin.
func (f *Folder) Name() string { return f.name }

// Contains implements [Files].
func (f *Folder) Contains(name string) bool {
	_, ok := below(name, f.name)
	return ok && path.Clean(name) == name
}

// ReadFile implements [Files].
func (f *Folder) ReadFile(name string) ([]byte, error) {
	rel, ok := below(name, f.name)
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, errOutside)
	}
	file, err := f.root.Open(filepath.FromSlash(rel))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, fmt.Errorf("%s: not a regular file", name))
	}
	return io.ReadAll(file)
}

// real follows symbolic links within the folder to the file that is meant, so
// that a link stays one when its file is replaced.
func (f *Folder) real(rel string) (string, error) {
	const most = 40
	for range most {
		info, err := f.root.Lstat(rel)
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			return rel, err
		}
		to, err := f.root.Readlink(rel)
		if err != nil {
			return "", err
		}
		if filepath.IsAbs(to) {
			return "", fmt.Errorf("%s leads to %s, %w", rel, to, errOutside)
		}
		rel = filepath.Join(filepath.Dir(rel), to)
		if !filepath.IsLocal(rel) {
			return "", fmt.Errorf("a link leads to %s, %w", rel, errOutside)
		}
	}
	return "", fmt.Errorf("%s: too many symbolic links", rel)
}
