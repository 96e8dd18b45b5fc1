package rootfs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"syscall"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/layer"
	"github.com/foilsec/foil/internal/source/image/tree"
)

// Folder is a folder that is being read.
type Folder struct {
	root    *os.Root
	options layer.Options
	result  *layer.Result
	names   *tree.Tree
	entry   uint32
	inodes  map[inode]uint32
	system  bool // it holds a whole system, so that /proc is what it seems
}

type inode struct{ device, number uint64 }

// Open opens a folder.
func Open(path string, o layer.Options) (*Folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	o.Limits = o.Limits.WithDefaults()
	names := tree.New()
	return &Folder{
		root: root, options: o, names: names, inodes: map[inode]uint32{},
		result: &layer.Result{Index: &tree.Index{Tree: names}, Whole: true},
	}, nil
}

// Close ends the use of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Read reads the folder.
func (f *Folder) Read(ctx context.Context) (*layer.Result, error) {
	for _, mark := range []string{"etc/os-release", "usr/lib/os-release", "etc/passwd"} {
		if _, err := f.root.Lstat(mark); err == nil {
			f.system = true
		}
	}
	if err := f.walk(ctx, "", tree.Root, 0); errors.Is(err, errTooMany) {
		f.gap("", err)
	} else if err != nil {
		return nil, err
	}
	return f.result, nil
}

// walk reads one folder and what is below it.
func (f *Folder) walk(ctx context.Context, path string, at tree.ID, device uint64) error {
	entries, own, err := f.list(path)
	if err != nil {
		f.gap(path, err)
		return nil
	}
	if f.made(path, own, device) {
		return nil
	}
	for _, e := range entries {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if err := f.visit(ctx, join(path, e.Name()), e, at, own); err != nil {
			return err
		}
	}
	return nil
}

// list is what a folder holds, by name, and the device it is on.
func (f *Folder) list(path string) ([]fs.DirEntry, uint64, error) {
	folder, err := f.root.Open(orDot(path))
	if err != nil {
		return nil, 0, err
	}
	defer folder.Close() //nolint:errcheck // it was only read
	info, err := folder.Stat()
	if err != nil {
		return nil, 0, err
	}
	entries, err := folder.ReadDir(-1)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return compare(a.Name(), b.Name()) })
	return entries, deviceOf(info), err
}

// made reports whether the kernel makes a folder up: it is mounted, or has the
// usual place in a whole system.
func (f *Folder) made(path string, device, parent uint64) bool {
	switch path {
	case "proc", "sys", "dev":
		return f.system
	case "":
		return false
	}
	return device != parent && f.pseudo(path)
}

func (f *Folder) visit(ctx context.Context, path string, e fs.DirEntry, parent tree.ID, device uint64) error {
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it went away meanwhile
	} else if err != nil {
		f.gap(path, err)
		return nil
	}
	if f.entry++; int64(f.entry) > int64(f.options.Limits.Entries) {
		f.result.Whole = false
		return fmt.Errorf("%w: there are more than %d, the limit", errTooMany, f.options.Limits.Entries)
	}
	if len(e.Name()) > tree.LongestName || len(path) > tree.LongestPath {
		f.gap(path, tree.ErrLongName)
		return nil
	}
	id, err := f.result.Index.Make(parent, e.Name())
	if err != nil {
		return err
	}
	return f.enter(ctx, path, info, id, device)
}

var errTooMany = errors.New("too many files")

func (f *Folder) enter(ctx context.Context, path string, info fs.FileInfo, id tree.ID, device uint64) error {
	n := tree.Node{Mode: info.Mode() & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky), Size: info.Size(), Entry: f.entry}
	switch mode := info.Mode(); {
	case mode.IsDir():
		n.Kind, n.Size, n.Entry = tree.Folder, 0, 0
		f.result.Index.Set(id, n)
		return f.walk(ctx, path, id, device)
	case mode&fs.ModeSymlink != 0:
		target, err := f.root.Readlink(path)
		if err != nil {
			f.gap(path, err)
			return nil
		}
		n.Kind = tree.Symlink
		return f.result.Index.SetLink(id, n, target)
	case mode.IsRegular():
		return f.file(ctx, path, info, id, n)
	}
	n.Kind = tree.Special
	f.result.Index.Set(id, n)
	return nil
}

func (f *Folder) file(ctx context.Context, path string, info fs.FileInfo, id tree.ID, n tree.Node) error {
	n.Kind = tree.Regular
	if key, several := inodeOf(info); several {
		if first, known := f.inodes[key]; known {
			n.Entry, n.Mode = first, n.Mode|tree.OtherName
			f.result.Index.Set(id, n)
			return nil
		}
		f.inodes[key] = n.Entry
	}
	f.result.Index.Set(id, n)
	if f.options.Progress != nil {
		f.options.Progress(info.Size())
	}
	wish := f.options.Catalog.Wants(path, n.Mode, n.Size)
	if wish == catalog.Nothing {
		return nil
	}
	return f.show(ctx, path, path, n.Entry, wish)
}

// show opens a file and shows it to the catalog under a name.
func (f *Folder) show(ctx context.Context, path, name string, entry uint32, wish catalog.Wish) error {
	file, err := f.root.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe in its place must not block
	if err != nil {
		f.gap(path, err)
		return nil
	}
	defer file.Close() //nolint:errcheck // it was only read
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		f.gap(path, errors.Join(err, errors.New("it is no longer a file")))
		return nil
	}
	if wish == catalog.Head && !f.wantsHead(file, name) {
		return nil
	}
	found := catalog.Found{}
	if limit := f.options.Limits.File; info.Size() > limit {
		found.Gaps = []artifact.Gap{{Path: name, Reason: fmt.Sprintf("its %d bytes are more than the limit of %d for one file: it was not looked at", info.Size(), limit)}}
	} else {
		found = f.options.Catalog.Read(ctx, catalog.File{Path: name, Mode: info.Mode(), Size: info.Size(), Content: file})
	}
	f.result.Keep(layer.File{Entry: entry, Path: name, Found: found})
	return context.Cause(ctx)
}

func (f *Folder) wantsHead(file io.ReaderAt, name string) bool {
	head := make([]byte, catalog.HeadSize)
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		f.gap(name, err)
		return false
	}
	return f.options.Catalog.WantsHead(name, head[:n])
}

// Again shows contents under other names than their own.
func (f *Folder) Again(ctx context.Context, names map[uint32][]string) ([]layer.File, error) {
	f.result = &layer.Result{}
	for id := range f.names.All() {
		n := f.names.Node(id)
		if n.Kind != tree.Regular || n.Mode&tree.OtherName != 0 {
			continue
		}
		for _, name := range names[n.Entry] {
			if err := f.show(ctx, f.names.Path(id), name, n.Entry, catalog.All); err != nil {
				return nil, err
			}
		}
	}
	return f.result.Files, nil
}

func (f *Folder) gap(path string, err error) {
	f.result.Gaps = append(f.result.Gaps, artifact.Gap{Path: orDot(path), Reason: err.Error()})
}
