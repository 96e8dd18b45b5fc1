package archive

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Bounds of what an archive may hold.
const (
	mostEntries = 100_000
	mostLinks   = 8
)

// Archive is a tar of which the entries are known.
type Archive struct {
	from    io.ReaderAt
	close   func() error
	entries map[string]entry
}

type entry struct {
	offset, size int64
	link         string // to another entry; empty for a file
}

// ErrEmpty is the error of a tar without entries.
var ErrEmpty = errors.New("not an image: the tar has no entries")

// Open lists a tar file. A compressed one is expanded into a nameless file in
// the folder spill first, of at most most bytes.
func Open(ctx context.Context, name, spill string, most int64) (*Archive, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close() // the error before it says more
		return nil, err
	}
	if !info.Mode().IsRegular() || compressed(file) {
		defer file.Close() //nolint:errcheck // it was only read
		return Spill(ctx, file, spill, most)
	}
	return list(ctx, file, info.Size(), file.Close)
}

// Spill writes a stream to a nameless file in the folder spill, of at most most
// bytes, and lists that.
func Spill(ctx context.Context, r io.Reader, spill string, most int64) (*Archive, error) {
	file, err := os.CreateTemp(spill, "foil-archive-*")
	if err != nil {
		return nil, fmt.Errorf("keep the archive beside: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		_ = file.Close() // the error before it says more
		return nil, fmt.Errorf("keep the archive beside: %w", err)
	}
	size, err := pour(ctx, file, r, most)
	if err != nil {
		_ = file.Close() // the error before it says more
		return nil, err
	}
	return list(ctx, file, size, file.Close)
}

func list(ctx context.Context, from io.ReaderAt, size int64, end func() error) (*Archive, error) {
	a, err := New(ctx, from, size)
	if err != nil {
		_ = end() // the error before it says more
		return nil, err
	}
	a.close = end
	return a, nil
}

// New lists a tar of a known size.
func New(ctx context.Context, from io.ReaderAt, size int64) (*Archive, error) {
	a := &Archive{from: from, close: func() error { return nil }, entries: map[string]entry{}}
	section := io.NewSectionReader(from, 0, size)
	reader := tar.NewReader(section)
	for {
		h, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF) && len(a.entries) == 0:
			return nil, ErrEmpty
		case errors.Is(err, io.EOF):
			return a, nil
		case err != nil && len(a.entries) == 0:
			return nil, fmt.Errorf("not an image: it does not begin as a tar does: %w", err)
		case err != nil:
			return a, nil //nolint:nilerr // cut off: what is missing is missed when it is asked for
		case len(a.entries) >= mostEntries:
			return nil, fmt.Errorf("the archive has more than %d entries: it is no image, or made to exhaust memory", mostEntries)
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		}
		at, err := section.Seek(0, io.SeekCurrent)
		if err != nil {
			return nil, err
		}
		a.add(h, entry{offset: at, size: h.Size})
	}
}

func (a *Archive) add(h *tar.Header, e entry) {
	name := clean(h.Name)
	switch h.Typeflag {
	case tar.TypeReg:
		a.entries[name] = e
	case tar.TypeSymlink: // Docker before version 25 shares layers so
		a.entries[name] = entry{link: clean(path.Join(path.Dir(name), h.Linkname))} //nolint:gosec // a name to look up in the archive, not on disk
	case tar.TypeLink:
		a.entries[name] = entry{link: clean(h.Linkname)}
	default:
		a.entries[name+"/"] = entry{} // so that an archive of folders is not empty
	}
}

// clean keeps names inside the archive.
func clean(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }

// Open gives the content of an entry.
func (a *Archive) Open(name string) (io.ReadCloser, int64, error) {
	name = clean(name)
	for range mostLinks {
		e, ok := a.entries[name]
		if !ok {
			return nil, 0, &fs.PathError{Op: "find in the archive", Path: name, Err: fs.ErrNotExist}
		}
		if e.link == "" {
			return io.NopCloser(io.NewSectionReader(a.from, e.offset, e.size)), e.size, nil
		}
		name = e.link
	}
	return nil, 0, fmt.Errorf("%s: links in the archive lead in a circle", name)
}

// Close ends the use of the archive.
func (a *Archive) Close() error { return a.close() }
