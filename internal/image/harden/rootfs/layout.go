package rootfs

import (
	"fmt"
	"os"
	"path/filepath"
)

// LayOut makes the tree, as it is now, in an empty folder, with links, owners
// and modes, so that programs can run in it. Contents are shared with the
// folder of the tree: nothing may write there. Owners need the rights of root.
func (t *Tree) LayOut(folder string) error {
	to, err := os.OpenRoot(folder)
	if err != nil {
		return fmt.Errorf("lay out the image: %w", err)
	}
	defer func() { _ = to.Close() }()
	paths := t.Paths()
	for _, p := range paths {
		if err := t.layOutEntry(to, folder, t.entries[p]); err != nil {
			return fmt.Errorf("lay out %s: %w", p, err)
		}
	}
	return os.Chmod(folder, 0o755) //nolint:gosec // the root of a container is open to all in it
}

func (t *Tree) layOutEntry(to *os.Root, folder string, e *Entry) error {
	switch {
	case e.Kind == Link:
		if err := to.Symlink(e.Target, e.Path); err != nil {
			return err
		}
		return to.Lchown(e.Path, e.UID, e.GID)
	case e.Kind == Folder:
		if err := to.Mkdir(e.Path, 0o700); err != nil {
			return err
		}
	case e.Content != nil:
		if err := to.WriteFile(e.Path, e.Content, 0o600); err != nil {
			return err
		}
	default:
		// The parents were made just now and are no links.
		if err := os.Link(filepath.Join(t.folder, e.Path), filepath.Join(folder, e.Path)); err != nil {
			return err
		}
	}
	return t.describeFile(to, folder, e)
}

// describeFile sets owner, mode, time and attributes, in the order in which the
// kernel keeps them.
func (t *Tree) describeFile(to *os.Root, folder string, e *Entry) error {
	if err := to.Lchown(e.Path, e.UID, e.GID); err != nil {
		return err
	}
	if err := to.Chmod(e.Path, e.fileMode()); err != nil {
		return err
	}
	for name, value := range e.Xattrs {
		if err := setAttribute(filepath.Join(folder, e.Path), name, value); err != nil {
			return fmt.Errorf("attribute %s: %w", name, err)
		}
	}
	return to.Chtimes(e.Path, e.ModTime, e.ModTime)
}
