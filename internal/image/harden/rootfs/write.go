package rootfs

import (
	"archive/tar"
	"fmt"
	"io"
	"time"
)

// WriteLayer writes the tree as one layer. Entries are sorted, and no time is
// later than the given one, so that the bytes depend on the tree alone. Times
// before it are kept: programs compare them, as Python does with compiled files.
func (t *Tree) WriteLayer(w io.Writer, latest time.Time) error {
	archive := tar.NewWriter(w)
	first := map[int]string{}
	for _, p := range t.Paths() {
		if err := t.writeEntry(archive, t.entries[p], first, latest); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	return archive.Close()
}

func (t *Tree) writeEntry(archive *tar.Writer, e *Entry, first map[int]string, latest time.Time) error {
	h := header(e, latest)
	if e.Kind == File && first[e.Inode] != "" {
		h.Typeflag, h.Linkname, h.Size = tar.TypeLink, first[e.Inode], 0
		return archive.WriteHeader(h)
	}
	if err := archive.WriteHeader(h); err != nil || e.Kind != File {
		return err
	}
	first[e.Inode] = e.Path
	content, err := t.Open(e.Path)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	_, err = io.Copy(archive, content)
	return err
}

func header(e *Entry, latest time.Time) *tar.Header {
	h := &tar.Header{Name: e.Path, Mode: int64(e.Mode), Uid: e.UID, Gid: e.GID, Format: tar.FormatPAX,
		ModTime: e.ModTime.Truncate(time.Second)}
	if h.ModTime.Unix() < 0 { // a folder that no archive describes
		h.ModTime = time.Unix(0, 0)
	}
	if h.ModTime.After(latest) {
		h.ModTime = latest
	}
	switch e.Kind {
	case Folder:
		h.Typeflag, h.Name = tar.TypeDir, e.Path+"/"
	case Link:
		h.Typeflag, h.Linkname = tar.TypeSymlink, e.Target
	case File:
		h.Typeflag, h.Size = tar.TypeReg, e.Size
	}
	for name, value := range e.Xattrs {
		if h.PAXRecords == nil {
			h.PAXRecords = map[string]string{}
		}
		h.PAXRecords["SCHILY.xattr."+name] = value
	}
	return h
}
