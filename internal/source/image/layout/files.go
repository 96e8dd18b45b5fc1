package layout

import (
	"fmt"
	"io"
	"os"
)

// Files are the files of a layout.
type Files interface {
	// Open gives the content of a file and its size; the error is fs.ErrNotExist
	// when there is none.
	Open(name string) (io.ReadCloser, int64, error)
}

// Folder is a layout in a folder.
type Folder struct{ root *os.Root }

// OpenFolder opens a folder. Links that lead out of it are refused.
func OpenFolder(name string) (*Folder, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &Folder{root}, nil
}

// Open gives the content of a file.
func (f *Folder) Open(name string) (io.ReadCloser, int64, error) {
	info, err := f.root.Stat(name)
	if err == nil && !info.Mode().IsRegular() { // opening a pipe could wait for ever
		err = fmt.Errorf("%s is no file", name)
	}
	if err != nil {
		return nil, 0, err
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// Close ends the use of the folder.
func (f *Folder) Close() error { return f.root.Close() }
