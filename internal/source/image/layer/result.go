package layer

import (
	"context"
	"io"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/tree"
)

// Blob is a layer as it is stored.
type Blob struct {
	// Name is what messages call it: "layer 2 of 5".
	Name string
	// Digest and Size are those of the stored bytes, DiffID is the digest of the
	// expanded ones, as the image claims them; empty when it does not.
	Digest, DiffID string
	Size           int64
	// Open starts to read the stored bytes.
	Open func(context.Context) (io.ReadCloser, error)
}

// Options say how layers are read.
type Options struct {
	Catalog catalog.Catalog
	Limits  Limits
	// Spill is the folder for the contents of large files, which are there
	// without a name while they are looked at.
	Spill string
	// Progress, if set, is told how many stored bytes were read.
	Progress func(bytes int64)
}

// Result is what a layer holds.
type Result struct {
	Digest, DiffID string // as computed
	Size           int64  // of the stored bytes
	Index          *tree.Index
	Files          []File   // of which the catalog says something, in the order of the archive
	Silent         []uint32 // the entries of which it says nothing, though it saw them whole
	Gaps           []artifact.Gap
	// Whole is set when the layer was read to its end and is what the image says
	// it is. Other results are not worth keeping.
	Whole bool
}

// File is what the catalog said of a file.
type File struct {
	Entry uint32 // see [tree.Node]
	Path  string // as the catalog was told
	catalog.Found
}

// empty reports whether the catalog said nothing.
func (f *File) empty() bool {
	return len(f.Packages) == 0 && f.OS == nil && f.Program == nil && len(f.Secrets) == 0 &&
		len(f.Documents) == 0 && len(f.Owned) == 0 && len(f.Gaps) == 0
}

// Keep adds what the catalog said of a file.
func (r *Result) Keep(f File) {
	if f.empty() {
		r.Silent = append(r.Silent, f.Entry)
		return
	}
	r.Files = append(r.Files, f)
}
