package kustomization

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/foilsec/foil/internal/source/manifest/tree"
)

// Limits bound what one build may read. The zero value of a field means the
// default.
type Limits struct {
	// FileBytes is the size of one file; 16 MiB.
	FileBytes int64
	// TotalBytes is the size of all that is read, each file as often as it is
	// read; 256 MiB.
	TotalBytes int64
	// Nodes is how many values one YAML document may hold after aliases are
	// expanded; 200,000.
	Nodes int
}

// WithDefaults replaces fields that were not set by the default.
func (l Limits) WithDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 16 << 20
	}
	if l.TotalBytes <= 0 {
		l.TotalBytes = 256 << 20
	}
	if l.Nodes <= 0 {
		l.Nodes = 200_000
	}
	return l
}

var errReadOnly = errors.New("builds must not write")

// disk is the file system of one build. Paths are those of the operating
// system, absolute.
type disk struct {
	boundary *tree.Tree
	limits   Limits
	left     int64
	// rewrite gets every file before the build does.
	rewrite func(name string, content []byte) ([]byte, error)
}

var _ filesys.FileSystem = (*disk)(nil)

func newDisk(boundary *tree.Tree, l Limits) *disk {
	return &disk{boundary: boundary, limits: l, left: l.TotalBytes}
}

// resolve follows symbolic links and refuses what lies beyond the boundary.
func (d *disk) resolve(name string) (real, rel string, err error) {
	real, err = filepath.EvalSymlinks(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return "", "", fs.ErrNotExist
		}
		return "", "", errors.New("can't be resolved")
	}
	rel, inside := d.boundary.Relative(real)
	if !inside {
		return "", "", errors.New("lies outside of the scanned folder and its git work tree; scan a folder that holds both")
	}
	return real, rel, nil
}

// ReadFile implements [filesys.FileSystem].
func (d *disk) ReadFile(name string) ([]byte, error) {
	content, err := d.raw(name)
	if err != nil || d.rewrite == nil {
		return content, err
	}
	return d.rewrite(name, content)
}

// raw reads a file as it is.
func (d *disk) raw(name string) ([]byte, error) {
	_, rel, err := d.resolve(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	content, err := d.boundary.ReadFile(rel, min(d.limits.FileBytes, d.left))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	d.left -= int64(len(content))
	return content, nil
}

// IsDir implements [filesys.FileSystem].
func (d *disk) IsDir(name string) bool {
	info, err := d.stat(name)
	return err == nil && info.IsDir()
}

// Exists implements [filesys.FileSystem].
func (d *disk) Exists(name string) bool {
	_, err := d.stat(name)
	return err == nil
}

func (d *disk) stat(name string) (fs.FileInfo, error) {
	real, _, err := d.resolve(name)
	if err != nil {
		return nil, err
	}
	return os.Lstat(real)
}

// CleanedAbs implements [filesys.FileSystem].
func (d *disk) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	real, _, err := d.resolve(name)
	if err != nil {
		return "", "", fmt.Errorf("%s: %w", name, err)
	}
	info, err := os.Lstat(real)
	if err != nil {
		return "", "", err
	}
	if info.IsDir() {
		return filesys.ConfirmedDir(real), "", nil
	}
	return filesys.ConfirmedDir(filepath.Dir(real)), filepath.Base(real), nil
}

// ReadDir implements [filesys.FileSystem].
func (d *disk) ReadDir(name string) ([]string, error) {
	_, rel, err := d.resolve(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	entries, err := fs.ReadDir(d.boundary.FS(), rel)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

// Glob implements [filesys.FileSystem]; patterns stand for nothing here, as
// kustomization files have none.
func (d *disk) Glob(pattern string) ([]string, error) {
	if d.Exists(pattern) && !strings.ContainsAny(pattern, "*?[") {
		return []string{pattern}, nil
	}
	return nil, nil
}

// Create implements [filesys.FileSystem].
func (d *disk) Create(string) (filesys.File, error) { return nil, errReadOnly }

// Mkdir implements [filesys.FileSystem].
func (d *disk) Mkdir(string) error { return errReadOnly }

// MkdirAll implements [filesys.FileSystem].
func (d *disk) MkdirAll(string) error { return errReadOnly }

// RemoveAll implements [filesys.FileSystem].
func (d *disk) RemoveAll(string) error { return errReadOnly }

// WriteFile implements [filesys.FileSystem].
func (d *disk) WriteFile(string, []byte) error { return errReadOnly }

// Open implements [filesys.FileSystem]; builds read whole files only.
func (d *disk) Open(string) (filesys.File, error) { return nil, errors.New("not offered") }

// Walk implements [filesys.FileSystem]; only commands that edit need it.
func (d *disk) Walk(string, filepath.WalkFunc) error { return errors.New("not offered") }
