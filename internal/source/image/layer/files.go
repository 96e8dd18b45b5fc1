package layer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/tape"
)

// mostInMemory is the size from which a file is spilled.
const mostInMemory = 1 << 20

// files shows files to the catalog, one at a time, out of one buffer.
type files struct {
	options Options
	result  *Result
	buffer  []byte
	spill   *os.File
}

// spillError is a fault of the machine and not of the image.
type spillError struct{ err error }

func (e *spillError) Error() string {
	return fmt.Sprintf("a large file could not be kept beside while it is looked at: %v; make room or set TMPDIR", e.err)
}

func (e *spillError) Unwrap() error { return e.err }

// consider asks the catalog whether it wants a file, and shows it.
func (f *files) consider(ctx context.Context, archive *tape.Reader, h *tape.Header, entry uint32, path string) error {
	wish := f.options.Catalog.Wants(path, modeOf(h), h.Size)
	if wish == catalog.Nothing {
		return nil
	}
	head := 0
	if wish == catalog.Head {
		head = int(min(h.Size, catalog.HeadSize))
		if _, err := io.ReadFull(archive, f.room(head)); err != nil {
			return err
		}
		if !f.options.Catalog.WantsHead(path, f.buffer[:head]) {
			return nil
		}
	}
	return f.read(ctx, archive, h, entry, []string{path}, head)
}

// show shows a file under other names than its own.
func (f *files) show(ctx context.Context, archive *tape.Reader, h *tape.Header, entry uint32, names []string) error {
	if len(names) == 0 {
		return nil
	}
	return f.read(ctx, archive, h, entry, names, 0)
}

// read shows a file of which the first bytes are in the buffer.
func (f *files) read(ctx context.Context, archive *tape.Reader, h *tape.Header, entry uint32, names []string, head int) error {
	if limit := f.options.Limits.File; h.Size > limit {
		gap := artifact.Gap{Path: names[0], Reason: fmt.Sprintf("its %d bytes are more than the limit of %d for one file: it was not looked at", h.Size, limit)}
		f.keep(entry, names[0], catalog.Found{Gaps: []artifact.Gap{gap}})
		return nil
	}
	content, err := f.load(archive, h.Size, head)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		name = strings.Clone(name) // it must not hold on to the header
		f.keep(entry, name, f.options.Catalog.Read(ctx, catalog.File{Path: name, Mode: modeOf(h), Size: h.Size, Content: content}))
	}
	return nil
}

func (f *files) keep(entry uint32, path string, found catalog.Found) {
	f.result.Keep(File{entry, path, found})
}

// room makes the buffer large enough and keeps what is in it.
func (f *files) room(size int) []byte {
	if size > len(f.buffer) {
		grown := make([]byte, max(size, min(2*len(f.buffer), mostInMemory), 64<<10))
		copy(grown, f.buffer)
		f.buffer = grown
	}
	return f.buffer[:size]
}

// load brings the content of a file within reach.
func (f *files) load(archive io.Reader, size int64, head int) (io.ReaderAt, error) {
	if size <= mostInMemory {
		content := f.room(int(size))
		if _, err := io.ReadFull(archive, content[head:]); err != nil {
			return nil, err
		}
		return bytes.NewReader(content), nil
	}
	if err := f.rewind(); err != nil {
		return nil, &spillError{err}
	}
	return f.pour(io.MultiReader(bytes.NewReader(f.buffer[:head]), archive), size)
}

// pour copies a file into the spill file.
func (f *files) pour(from io.Reader, size int64) (io.ReaderAt, error) {
	part := make([]byte, 256<<10)
	for done := int64(0); done < size; {
		n, err := from.Read(part)
		if _, err := f.spill.Write(part[:n]); err != nil {
			return nil, &spillError{err}
		}
		done += int64(n)
		if err != nil && done < size {
			return nil, noEnd(err)
		}
	}
	return io.NewSectionReader(f.spill, 0, size), nil
}

// noEnd makes an early end of what only looks like an end.
func noEnd(err error) error {
	if err == io.EOF { //nolint:errorlint // readers return it bare
		return io.ErrUnexpectedEOF
	}
	return err
}

// rewind empties the spill file. It has no name, so that nothing is left behind
// whatever happens.
func (f *files) rewind() error {
	if f.spill == nil {
		file, err := os.CreateTemp(f.options.Spill, "foil-spill-*")
		if err != nil {
			return err
		}
		f.spill = file
		if err := os.Remove(file.Name()); err != nil {
			return err
		}
	}
	if err := f.spill.Truncate(0); err != nil {
		return err
	}
	_, err := f.spill.Seek(0, io.SeekStart)
	return err
}

func (f *files) close() {
	if f.spill != nil {
		_ = f.spill.Close() // nothing in it matters any more
	}
	f.buffer = nil
}
