package fix

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrChanged says that a file is not any more what it was when it was read.
var ErrChanged = errors.New("changed since it was read; run the command again")

// Write writes the files of a plan. Each file is replaced as a whole or not at
// all, with the mode that it had; before the first one is replaced, all are
// looked at and written beside the old ones.
func (f *Folder) Write(p *Plan) error {
	var staged []stagedFile
	defer func() {
		for _, s := range staged {
			_ = f.root.Remove(s.temporary)
		}
	}()
	for i := range p.Files {
		s, err := f.stage(&p.Files[i])
		if err != nil {
			return fmt.Errorf("nothing was written: %s: %w", p.Files[i].Path, err)
		}
		staged = append(staged, s)
	}
	for i, s := range staged {
		if err := f.replace(&p.Files[i], s); err != nil {
			return fmt.Errorf("%d of %d files were written: %s: %w", i, len(staged), p.Files[i].Path, err)
		}
	}
	return nil
}

// stagedFile is new content beside the file that it is for.
type stagedFile struct{ temporary, target string }

// stage writes the new content of a file beside it.
func (f *Folder) stage(c *FileChange) (stagedFile, error) {
	rel, ok := below(c.Path, f.name)
	if !ok {
		return stagedFile{}, errOutside
	}
	rel = filepath.FromSlash(rel)
	mode := fs.FileMode(0o644)
	if !c.Created {
		var err error
		if rel, err = f.real(rel); err != nil {
			return stagedFile{}, err
		}
		info, err := f.root.Lstat(rel)
		if err != nil {
			return stagedFile{}, err
		}
		mode = info.Mode().Perm()
	}
	if err := f.unchanged(c, rel); err != nil {
		return stagedFile{}, err
	}
	temporary := filepath.Join(filepath.Dir(rel), ".foil-"+rand.Text()+".tmp")
	return stagedFile{temporary, rel}, f.writeNew(temporary, c, mode)
}

// unchanged holds a file to what was read of it.
func (f *Folder) unchanged(c *FileChange, rel string) error {
	now, err := f.root.ReadFile(rel)
	switch {
	case c.Created && errors.Is(err, fs.ErrNotExist):
		return nil
	case c.Created && err == nil:
		return fmt.Errorf("is there already: %w", ErrChanged)
	case err != nil:
		return err
	case !bytes.Equal(now, c.Before):
		return ErrChanged
	}
	return nil
}

func (f *Folder) writeNew(name string, c *FileChange, mode fs.FileMode) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(c.After)
	if !c.Created {
		// The umask cut the mode of the new file; that of the old one it did not.
		err = errors.Join(err, file.Chmod(mode))
	}
	return errors.Join(err, file.Sync(), file.Close())
}

// replace puts new content in the place of the old one.
func (f *Folder) replace(c *FileChange, s stagedFile) error {
	if err := f.unchanged(c, s.target); err != nil {
		return err
	}
	if c.Created {
		// A link fails where a rename would replace what came up meanwhile. Not
		// every file system has links.
		err := f.root.Link(s.temporary, s.target)
		if err == nil || errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return f.root.Rename(s.temporary, s.target)
}
