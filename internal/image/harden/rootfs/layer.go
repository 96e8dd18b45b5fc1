package rootfs

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

const (
	whiteout = ".wh."
	opaque   = ".wh..wh..opq"
)

// Apply puts a layer, an uncompressed archive, on top of those before it.
func (t *Tree) Apply(ctx context.Context, layer io.Reader) error {
	t.layers++
	reader := tar.NewReader(layer)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		h, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read layer %d: %w", t.layers, err)
		}
		if err := t.applyEntry(h, reader); err != nil {
			return fmt.Errorf("layer %d: %s: %w", t.layers, h.Name, err)
		}
	}
}

func (t *Tree) applyEntry(h *tar.Header, content io.Reader) error {
	if leadsOut(h.Name) || h.Typeflag == tar.TypeLink && leadsOut(h.Linkname) {
		t.skipped = append(t.skipped, h.Name)
		return nil
	}
	p, err := t.Locate(h.Name)
	if err != nil {
		return err
	}
	base := path.Base(p)
	switch {
	case p == "":
		t.describe(t.entries[""], h)
		return nil
	case base == opaque:
		return t.hideBelow(parent(p))
	case strings.HasPrefix(base, whiteout):
		return t.hide(path.Join(parent(p), strings.TrimPrefix(base, whiteout)))
	case len(t.entries) > t.limits.Entries:
		return fmt.Errorf("more than %d entries", t.limits.Entries)
	}
	if err := t.makeFolders(parent(p)); err != nil {
		return err
	}
	return t.put(p, h, content)
}

// leadsOut reports whether a name may lead out of the image. Links are another
// matter: they are followed in the index.
func leadsOut(name string) bool { return slices.Contains(strings.Split(name, "/"), "..") }

// put makes one entry, in place of what has its name.
func (t *Tree) put(p string, h *tar.Header, content io.Reader) error {
	e := &Entry{Path: p}
	t.describe(e, h)
	switch h.Typeflag {
	case tar.TypeDir:
		if old := t.entries[p]; old != nil && old.Kind == Folder {
			e.Kind = Folder
			t.add(e)
			return nil
		}
		e.Kind = Folder
		return t.make(e, func() error { return t.root.Mkdir(p, 0o700) })
	case tar.TypeReg:
		e.Kind = File
		return t.make(e, func() error { return t.store(e, content) })
	case tar.TypeSymlink:
		e.Kind, e.Target, e.Mode = Link, h.Linkname, 0o777
		return t.make(e, func() error { return nil }) // the index is enough
	case tar.TypeLink:
		return t.linkFile(e, h.Linkname)
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		t.skipped = append(t.skipped, p)
		return t.remove(p)
	}
	return nil // records of tar itself
}

// make removes what has the name and makes the entry.
func (t *Tree) make(e *Entry, create func() error) error {
	if err := t.remove(e.Path); err != nil {
		return err
	}
	if err := create(); err != nil {
		return err
	}
	t.add(e)
	return nil
}

// store writes the content of a file.
func (t *Tree) store(e *Entry, content io.Reader) error {
	f, err := t.root.OpenFile(e.Path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, io.LimitReader(content, t.limits.Bytes-t.bytes+1))
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	t.bytes += n
	if t.bytes > t.limits.Bytes {
		return fmt.Errorf("the image holds more than %d bytes", t.limits.Bytes)
	}
	t.inodes++
	e.Size, e.Inode = n, t.inodes
	return nil
}

// linkFile gives a file another name.
func (t *Tree) linkFile(e *Entry, target string) error {
	p, err := t.Locate(target)
	if err != nil {
		return err
	}
	old := t.entries[p]
	if old == nil || old.Kind == Folder {
		return fmt.Errorf("hard link to %s: %w", target, ErrNotExist)
	}
	if old.Path == e.Path {
		return nil
	}
	name := e.Path
	*e = *old
	e.Path, e.layer = name, t.layers
	return t.make(e, func() error {
		if e.Kind == Link {
			return nil
		}
		return t.root.Link(p, name)
	})
}

// describe takes owner, mode and attributes from the archive.
func (t *Tree) describe(e *Entry, h *tar.Header) {
	e.Mode, e.UID, e.GID = uint32(h.Mode)&0o7777, h.Uid, h.Gid
	e.ModTime, e.layer = h.ModTime, t.layers
	for name, value := range h.PAXRecords {
		if key, ok := strings.CutPrefix(name, "SCHILY.xattr."); ok {
			if e.Xattrs == nil {
				e.Xattrs = map[string]string{}
			}
			e.Xattrs[key] = value
		}
	}
}

// makeFolders makes the folders that an archive implies.
func (t *Tree) makeFolders(p string) error {
	if e := t.entries[p]; e != nil && e.Kind == Folder {
		return nil
	}
	if err := t.makeFolders(parent(p)); err != nil {
		return err
	}
	e := &Entry{Path: p, Kind: Folder, Mode: 0o755, layer: t.layers}
	return t.make(e, func() error { return t.root.Mkdir(p, 0o700) })
}

// remove takes an entry out of the index and its files out of the folder.
func (t *Tree) remove(p string) error {
	if t.entries[p] == nil {
		return nil
	}
	t.Drop(p)
	return t.root.RemoveAll(p)
}

// hide removes what lower layers have under a name.
func (t *Tree) hide(p string) error {
	e := t.entries[p]
	if e == nil {
		return nil
	}
	if e.Kind == Folder {
		if err := t.hideBelow(p); err != nil {
			return err
		}
	}
	if e.layer == t.layers || len(t.names[p]) > 0 {
		return nil // this layer has it too
	}
	return t.remove(p)
}

// hideBelow removes what lower layers have in a folder.
func (t *Tree) hideBelow(p string) error {
	for _, name := range slices.Sorted(maps.Keys(t.names[p])) {
		if err := t.hide(path.Join(p, name)); err != nil {
			return err
		}
	}
	return nil
}
