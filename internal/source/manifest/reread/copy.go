package reread

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// prepare makes the copy, or brings it to the content that is asked for.
func (r *Reader) prepare(ctx context.Context, changed map[string][]byte) error {
	if r.copied == "" {
		copied, err := os.MkdirTemp("", "foil-fix-")
		if err != nil {
			return err
		}
		r.copied = copied
		if err := copyFolder(ctx, r.base, copied); err != nil {
			return err
		}
	}
	for name := range r.written {
		if _, stays := changed[name]; !stays {
			if err := r.restore(name); err != nil {
				return err
			}
			delete(r.written, name)
		}
	}
	for name, data := range changed {
		r.written[name] = true
		target, err := r.inCopy(name)
		if err == nil {
			err = errors.Join(os.MkdirAll(filepath.Dir(target), 0o700), os.WriteFile(target, data, 0o600))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// inCopy is where a file is in the copy.
func (r *Reader) inCopy(name string) (string, error) {
	rel, err := filepath.Rel(r.base, filepath.FromSlash(name))
	if err == nil && !filepath.IsLocal(rel) {
		err = fmt.Errorf("%s is not in %s", name, r.base)
	}
	return filepath.Join(r.copied, rel), err
}

// restore gives a file of the copy its original content.
func (r *Reader) restore(name string) error {
	target, err := r.inCopy(name)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) {
		return os.Remove(target)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(target, data, 0o600)
}

// maxCopy bounds what is copied of a folder.
const maxCopy = 256 << 20

// copyFolder copies the files that charts and kustomizations may be made of.
// Links are left out, as they might lead anywhere.
func copyFolder(ctx context.Context, from, to string) error {
	root, err := os.OpenRoot(from)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	left := int64(maxCopy)
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		rel := filepath.FromSlash(name)
		target := filepath.Join(to, rel)
		switch {
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(target, 0o700)
		case !d.Type().IsRegular():
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if left -= info.Size(); left < 0 {
			return fmt.Errorf("it holds more than %d bytes", maxCopy)
		}
		data, err := root.ReadFile(rel)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o600)
	})
}
