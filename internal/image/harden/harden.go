package harden

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/foilsec/foil/internal/image/harden/archive"
	"github.com/foilsec/foil/internal/image/harden/inventory"
	"github.com/foilsec/foil/internal/image/harden/prune"
	"github.com/foilsec/foil/internal/image/harden/rootfs"
	"github.com/foilsec/foil/internal/image/harden/stage"
)

// work is one image on its way.
type work struct {
	options   Options
	image     *archive.Image
	folder    string // private, removed at the end
	tree      *rootfs.Tree
	inventory *inventory.Inventory
	account   account
	profile   *Profile // nil when the program was not run
	answers   []stage.Outcome
	flaws     []Flaw            // of the image that is read
	roots     map[string]string // folders with the tree laid out, by name
	report    *Report
}

// Run hardens an image. The profile is what was seen of the program, to be
// saved for another run; it is nil when the program was not run.
func Run(ctx context.Context, o Options) (*Report, *Profile, error) {
	if err := o.check(); err != nil {
		return nil, nil, err
	}
	if err := free(o.Output, o.Force); err != nil {
		return nil, nil, err
	}
	folder, err := os.MkdirTemp(o.Temp, "foil-harden-*")
	if err != nil {
		return nil, nil, fmt.Errorf("make a private folder: %w", err)
	}
	w := &work{options: o, folder: folder, roots: map[string]string{}, report: &Report{Schema: reportSchema, Image: o.Image, Output: o.Output, Level: string(o.Level)}}
	err = w.all(ctx)
	if removeErr := os.RemoveAll(folder); err == nil && removeErr != nil {
		err = fmt.Errorf("remove the private folder: %w", removeErr)
	}
	if err != nil {
		return nil, nil, err
	}
	return w.report, w.profile, nil
}

// free refuses to write over what is there.
func free(name string, force bool) error {
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return &Refusal{fmt.Sprintf("%s is no regular file", name), "give another file"}
	case force:
		return nil
	}
	return &Refusal{fmt.Sprintf("%s exists", name), "give another file, or --force to write over it"}
}

// all is the way of an image, step by step.
func (w *work) all(ctx context.Context) error {
	steps := []struct {
		name string
		do   func(context.Context) error
	}{
		{"unpack", w.unpack}, {"run", w.observe}, {"remove", w.prune}, {"verify", w.verify}, {"write", w.write},
	}
	defer w.close()
	for _, s := range steps {
		w.options.begin(s.name)
		if err := s.do(ctx); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) close() {
	if w.tree != nil {
		_ = w.tree.Close()
	}
	if w.image != nil {
		_ = w.image.Close()
	}
}

// run is how the image says it is run.
func (w *work) run() *archive.Run { return &w.image.Config.Run }

// sub makes a folder in the private one.
func (w *work) sub(name string) (string, error) {
	at := filepath.Join(w.folder, name)
	return at, os.Mkdir(at, 0o700)
}

// unpack reads the image into the private folder and counts it.
func (w *work) unpack(ctx context.Context) error {
	spill, err := w.sub("spill")
	if err != nil {
		return err
	}
	if w.image, err = archive.Open(ctx, w.options.Image, w.options.Platform, spill); err != nil {
		return err
	}
	files, err := w.sub("files")
	if err != nil {
		return err
	}
	if w.tree, err = rootfs.New(files, rootfs.DefaultLimits()); err != nil {
		return err
	}
	if err := w.image.EachLayer(ctx, func(r io.Reader) error { return w.tree.Apply(ctx, r) }); err != nil {
		return fmt.Errorf("unpack %s: %w", w.options.Image, err)
	}
	w.inventory = inventory.Read(w.tree)
	if w.inventory.RPM {
		return &Refusal{"the image has an RPM database, from which packages can't be taken yet", "harden an image of Debian, Ubuntu, Alpine or without packages"}
	}
	w.report.Digest, w.report.ConfigID, w.report.Skipped = w.image.Digest, w.image.ConfigID, w.tree.Skipped()
	w.report.Before = stateOf(w.tree, len(w.inventory.Packages))
	if w.account, err = accountOf(w.tree, w.run().User); err != nil {
		return err
	}
	return w.countBefore(ctx)
}

// prune takes out what is not used.
func (w *work) prune(context.Context) error {
	used := w.usedFiles()
	r := prune.Request{Tree: w.tree, Inventory: w.inventory, Level: w.options.Level, Uses: used.Uses, Keep: w.options.Keep}
	if w.profile != nil {
		executed := map[string]bool{}
		for _, file := range w.profile.Executed {
			executed[file] = true
		}
		r.Executes = func(file string) bool { return executed[file] }
	}
	from := distribution(w.tree)
	result := prune.Run(r)
	w.report.After = stateOf(w.tree, len(result.Kept))
	w.report.Removed, w.report.Stripped, w.report.Bits = purls(result.Removed, result.Kept, from), purls(result.Stripped, nil, from), result.Bits
	return nil
}
