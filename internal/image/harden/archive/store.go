package archive

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// store holds the files of an image by name.
type store interface {
	open(name string) (io.ReadCloser, error)
	Close() error
}

// folderStore is an OCI layout in a folder.
type folderStore struct{ *os.Root }

func (s folderStore) open(name string) (io.ReadCloser, error) { return s.Open(name) }

// tarStore is an archive; its index is read once.
type tarStore struct {
	file  *os.File
	at    map[string]section
	links map[string]string
}

type section struct{ offset, size int64 }

// mostFiles bounds the files of an archive, which are blobs and manifests.
const mostFiles = 100_000

func openTar(name string) (*tarStore, error) {
	f, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return nil, err
	}
	s := &tarStore{file: f, at: map[string]section{}, links: map[string]string{}}
	if err := s.index(); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("read %s as an archive: %w", name, err)
	}
	return s, nil
}

func (s *tarStore) index() error {
	reader := tar.NewReader(s.file)
	for {
		h, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(s.at) == mostFiles {
			return fmt.Errorf("more than %d files", mostFiles)
		}
		name := strings.TrimPrefix(path.Clean("/"+h.Name), "/")
		switch h.Typeflag {
		case tar.TypeReg:
			offset, err := s.file.Seek(0, io.SeekCurrent)
			if err != nil {
				return err
			}
			s.at[name] = section{offset, h.Size}
		case tar.TypeSymlink: // older docker save links equal layers
			s.links[name] = strings.TrimPrefix(path.Join("/"+path.Dir(name), h.Linkname), "/")
		case tar.TypeLink:
			s.links[name] = strings.TrimPrefix(path.Clean("/"+h.Linkname), "/")
		}
	}
}

func (s *tarStore) open(name string) (io.ReadCloser, error) {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if target, ok := s.links[name]; ok {
		name = target
	}
	at, ok := s.at[name]
	if !ok {
		return nil, fmt.Errorf("%s in the archive: %w", name, fs.ErrNotExist)
	}
	return io.NopCloser(io.NewSectionReader(s.file, at.offset, at.size)), nil
}

func (s *tarStore) Close() error { return s.file.Close() }
