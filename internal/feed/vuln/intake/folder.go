package intake

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The largest inputs that are read, in bytes, and the most files of a folder.
const (
	largestDocument = 512 << 20 // the tracker of Debian has about 70 MB
	mostFiles       = 2_000_000
)

// folder reads every file of a folder that has a known ending, in the order of
// names. Links are not followed.
func (r *Reader) folder(ctx context.Context, path string, o Origin) error {
	files := 0
	return filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			r.problem(file, err)
			return nil
		case entry.IsDir() && file != path && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		case !entry.Type().IsRegular() || !readable(entry.Name()):
			return nil
		}
		if files++; files > mostFiles {
			return fmt.Errorf("%s holds more than %d files", path, mostFiles)
		}
		single := o
		if o.Source != "" && file != path {
			single.Source = o.Source + strings.TrimPrefix(filepath.ToSlash(file), filepath.ToSlash(path))
		}
		r.file(ctx, file, single, false)
		return nil
	})
}

// readable reports whether a file of a folder is looked into. Others are no
// data: notes, licences, lists of ecosystems.
func readable(name string) bool {
	lower := strings.TrimSuffix(strings.ToLower(name), ".gz")
	switch filepath.Ext(lower) {
	case ".zip", ".json", ".csv":
		return true
	case ".yaml", ".yml":
		return lower == "main.yaml" || lower == "community.yaml" // Alpine's secdb
	}
	return isDebianList(name)
}

// file reads one file. Alone is true when the user named it.
func (r *Reader) file(ctx context.Context, path string, o Origin, alone bool) {
	if o.Source == "" {
		o.Source = path
	}
	if strings.EqualFold(filepath.Ext(path), ".zip") {
		if err := r.export(ctx, path, o); err != nil {
			r.problem(path, err)
		}
		return
	}
	data, written, err := readDocument(path)
	if err == nil {
		o.written = written
		o.Part = o.Part || alone
		err = r.document(path, data, o)
	}
	if err != nil {
		r.problem(path, err)
	}
}

// readDocument reads a file whole, unpacks it when it is compressed, and tells
// when it was written.
func readDocument(path string) (data []byte, written time.Time, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, written, err
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil {
		written = info.ModTime().UTC().Truncate(time.Second)
	}
	data, err = readAll(f)
	return data, written, err
}

func readAll(from io.Reader) ([]byte, error) {
	head := make([]byte, 2)
	n, err := io.ReadFull(from, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	from = io.MultiReader(bytes.NewReader(head[:n]), from)
	if n == 2 && head[0] == 0x1f && head[1] == 0x8b {
		if from, err = gzip.NewReader(from); err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
	}
	data, err := io.ReadAll(io.LimitReader(from, largestDocument+1))
	if err != nil {
		return nil, err
	}
	if len(data) > largestDocument {
		return nil, fmt.Errorf("it has more than %d MB", largestDocument>>20)
	}
	return data, nil
}
