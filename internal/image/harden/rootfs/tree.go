package rootfs

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// Limits bound what one image may take.
type Limits struct {
	Entries int
	Bytes   int64 // of all files together
}

// DefaultLimits is more than any image that is deployed.
func DefaultLimits() Limits { return Limits{Entries: 2_000_000, Bytes: 64 << 30} }

// Tree is the root file system of an image. It is not safe for concurrent use.
type Tree struct {
	folder  string
	root    *os.Root
	entries map[string]*Entry
	names   map[string]map[string]bool // by folder: the names in it
	limits  Limits
	layers  int
	inodes  int
	bytes   int64
	skipped []string
}

// New makes an empty tree, whose files are kept in a folder that exists.
func New(folder string, limits Limits) (*Tree, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder for files of the image: %w", err)
	}
	t := &Tree{folder: folder, root: root, limits: limits, entries: map[string]*Entry{}, names: map[string]map[string]bool{}}
	t.entries[""] = &Entry{Kind: Folder, Mode: 0o755}
	t.names[""] = map[string]bool{}
	return t, nil
}

// Close lets go of the folder and leaves what is in it.
func (t *Tree) Close() error { return t.root.Close() }

// Dir is the folder with the content of the files.
func (t *Tree) Dir() string { return t.folder }

// Skipped lists entries that were left out: devices, pipes, and names that lead
// out of the image.
func (t *Tree) Skipped() []string { return t.skipped }

// Len is the number of entries.
func (t *Tree) Len() int { return len(t.entries) - 1 }

// Lookup is the entry of that very name; links are not followed. It is nil when
// there is none.
func (t *Tree) Lookup(name string) *Entry { return t.entries[clean(name)] }

// Names lists what is in a folder, sorted.
func (t *Tree) Names(folder string) []string { return slices.Sorted(maps.Keys(t.names[clean(folder)])) }

// Paths lists all entries, sorted, without the root itself.
func (t *Tree) Paths() []string {
	all := slices.Sorted(maps.Keys(t.entries))
	return all[1:] // the root is the empty name
}

// Under lists all entries below a folder, sorted.
func (t *Tree) Under(folder string) []string {
	var list []string
	for _, name := range t.Names(folder) {
		p := path.Join(clean(folder), name)
		list = append(append(list, p), t.Under(p)...)
	}
	return list
}

// Open opens the content of a file; links are not followed.
func (t *Tree) Open(name string) (io.ReadCloser, error) {
	e := t.Lookup(name)
	if e == nil || e.Kind != File {
		return nil, fmt.Errorf("open %s in the image: no regular file", name)
	}
	if e.Content != nil {
		return io.NopCloser(bytes.NewReader(e.Content)), nil
	}
	return t.root.Open(e.Path)
}

// Read reads a file, at most so many bytes of it; links are not followed.
func (t *Tree) Read(name string, most int64) ([]byte, error) {
	f, err := t.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, most))
}

// File opens a file for reading at any place; links are not followed.
func (t *Tree) File(name string) (*os.File, error) {
	e := t.Lookup(name)
	if e == nil || e.Kind != File || e.Content != nil {
		return nil, fmt.Errorf("open %s in the image: no regular file", name)
	}
	return t.root.Open(e.Path)
}

// Replace gives a file other content.
func (t *Tree) Replace(name string, content []byte) {
	if e := t.Lookup(name); e != nil && e.Kind == File {
		t.inodes++
		e.Content, e.Size, e.Inode = append([]byte{}, content...), int64(len(content)), t.inodes
	}
}

// Drop takes an entry, and all below it, out of the index.
func (t *Tree) Drop(name string) {
	p := clean(name)
	if p == "" {
		return
	}
	for _, below := range t.Names(p) {
		t.Drop(path.Join(p, below))
	}
	delete(t.entries, p)
	delete(t.names, p)
	delete(t.names[parent(p)], path.Base(p))
}

// Bytes is the size of all files; a content with several names counts once.
func (t *Tree) Bytes() int64 {
	var sum int64
	seen := map[int]bool{}
	for _, e := range t.entries {
		if e.Kind == File && !seen[e.Inode] {
			seen[e.Inode] = true
			sum += e.Size
		}
	}
	return sum
}

// add puts an entry into the index.
func (t *Tree) add(e *Entry) {
	t.entries[e.Path] = e
	if e.Kind == Folder && t.names[e.Path] == nil {
		t.names[e.Path] = map[string]bool{}
	}
	if e.Path != "" {
		t.names[parent(e.Path)][path.Base(e.Path)] = true
	}
}

// clean is a name as the index has it.
func clean(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }

// parent is the folder of a name; the root is its own.
func parent(p string) string {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i]
	}
	return ""
}
