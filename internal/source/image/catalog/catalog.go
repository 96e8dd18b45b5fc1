package catalog

import (
	"context"
	"io"
	"io/fs"

	"github.com/foilsec/foil/internal/artifact"
)

// File is one regular file.
type File struct {
	Path    string // slash-separated, without a leading slash
	Mode    fs.FileMode
	Size    int64
	Content io.ReaderAt // Size bytes
}

// Wish says how much of a file a catalog wants to see.
type Wish uint8

// The wishes.
const (
	Nothing Wish = iota
	Head         // its first bytes decide: ask WantsHead
	All
)

// HeadSize is how many bytes decide, where the name does not.
const HeadSize = 4096

// Found is what one file says.
type Found struct {
	Packages  []artifact.Package // Layer and Owner are not set yet
	OS        *artifact.OS
	Program   *artifact.Program
	Secrets   []artifact.Secret
	Documents []artifact.Document
	Owned     []Ownership
	Gaps      []artifact.Gap
}

// Ownership lists the files of one system package.
type Ownership struct {
	Type, Package string   // "deb", "libc6"
	Files         []string // without a leading slash
}

// Catalog recognises files. It is safe for concurrent use.
type Catalog interface {
	// Version changes whenever the same file may give another result.
	Version() string
	// Wants says whether a file is worth reading.
	Wants(path string, mode fs.FileMode, size int64) Wish
	// WantsHead says whether a file with this beginning is worth reading.
	WantsHead(path string, head []byte) bool
	// Read says what a file holds. What it can't read it reports as a gap.
	Read(ctx context.Context, f File) Found
	// Settle completes an artifact whose files are all known: ecosystems that
	// depend on the operating system, package URLs, owners of files.
	Settle(a *artifact.Artifact, owned []Ownership)
}
