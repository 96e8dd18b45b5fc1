package catalog

import (
	"context"
	"strings"
)

// Reader recognises one kind of file. A catalog is made of many.
type Reader struct {
	// Version is a name and a number, "dpkg 1". It changes whenever the same file
	// may give another result.
	Version string
	// Ecosystems are those whose packages are missing when a file can't be read.
	Ecosystems []string
	// Wants says whether a file is of the kind. It is asked for every file there
	// is, so it must decide by the name alone and allocate nothing.
	Wants func(n *Name) Wish
	// WantsHead says whether a file is of the kind, by its first bytes. It is nil
	// when Wants never answers Head.
	WantsHead func(n *Name, head []byte) bool
	// Read says what a file holds. An error is what could not be read; what was
	// found up to there counts.
	Read func(ctx context.Context, f *File) (Found, error)
}

// Name is what is known of a file before its content.
type Name struct {
	Path       string // slash-separated, without a leading slash
	Dir        string // without a slash at the end, empty at the root
	Base       string
	Size       int64
	Executable bool
}

// NewName splits a path.
func NewName(path string, size int64, executable bool) Name {
	n := Name{Path: path, Base: path, Size: size, Executable: executable}
	if slash := strings.LastIndexByte(path, '/'); slash >= 0 {
		n.Dir, n.Base = path[:slash], path[slash+1:]
	}
	return n
}

// Parent is the name of the folder that a file stands in.
func (n *Name) Parent() string { return n.Dir[strings.LastIndexByte(n.Dir, '/')+1:] }

// Below reports whether one of the folders above a file has a name.
func (n *Name) Below(folder string) bool {
	for rest := n.Dir; rest != ""; {
		var segment string
		segment, rest, _ = strings.Cut(rest, "/")
		if segment == folder {
			return true
		}
	}
	return false
}

// Name is what is known of the file besides its content.
func (f *File) Name() Name { return NewName(f.Path, f.Size, f.Mode&0o111 != 0) }
