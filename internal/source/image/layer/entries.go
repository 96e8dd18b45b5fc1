package layer

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/foilsec/foil/internal/source/image/tape"
	"github.com/foilsec/foil/internal/source/image/tree"
)

// entries reads the archive from entry to entry.
func (r *reader) entries() error {
	archive := tape.NewReader(r.content)
	for ; ; r.entry++ {
		h, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case int64(r.entry) >= int64(r.options.Limits.Entries):
			return fmt.Errorf("it has more than %d entries, the limit: what follows was not read", r.options.Limits.Entries)
		}
		if err := r.one(archive, h); err != nil {
			return err
		}
	}
}

func (r *reader) one(archive *tape.Reader, h *tape.Header) error {
	if r.again != nil {
		return r.files.show(r.ctx, archive, h, r.entry, r.again[r.entry])
	}
	at, ok, err := r.names.place(h.Name)
	if err != nil || !ok {
		return err
	}
	switch h.Type {
	case tar.TypeReg, tar.TypeCont:
		if err := r.names.set(at, tree.Node{Kind: tree.Regular, Mode: modeOf(h), Size: h.Size, Entry: r.entry}); err != nil {
			return err
		}
		return r.files.consider(r.ctx, archive, h, r.entry, at.path)
	case tar.TypeDir:
		return r.names.set(at, tree.Node{Kind: tree.Folder, Mode: modeOf(h)})
	case tar.TypeSymlink:
		return r.names.link(at, tree.Node{Kind: tree.Symlink, Mode: modeOf(h)}, h.Link)
	case tar.TypeLink:
		return r.names.hardLink(at, h.Link)
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return r.names.set(at, tree.Node{Kind: tree.Special, Mode: modeOf(h)})
	}
	return nil // what describes other entries, such as a global header
}

// modeOf is what of a mode a catalog may ask for.
func modeOf(h *tape.Header) fs.FileMode {
	mode := fs.FileMode(h.Mode & 0o777)
	if h.Mode&0o4000 != 0 {
		mode |= fs.ModeSetuid
	}
	if h.Mode&0o2000 != 0 {
		mode |= fs.ModeSetgid
	}
	if h.Mode&0o1000 != 0 {
		mode |= fs.ModeSticky
	}
	return mode
}
