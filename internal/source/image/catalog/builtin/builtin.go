// Package builtin is the catalog of everything that foil recognises by itself.
// It puts the readers together and adds nothing of its own.
package builtin

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/apk"
	"github.com/foilsec/foil/internal/source/image/catalog/document"
	"github.com/foilsec/foil/internal/source/image/catalog/dotnet"
	"github.com/foilsec/foil/internal/source/image/catalog/dpkg"
	"github.com/foilsec/foil/internal/source/image/catalog/gobinary"
	"github.com/foilsec/foil/internal/source/image/catalog/java"
	"github.com/foilsec/foil/internal/source/image/catalog/lock"
	"github.com/foilsec/foil/internal/source/image/catalog/npm"
	"github.com/foilsec/foil/internal/source/image/catalog/osrelease"
	"github.com/foilsec/foil/internal/source/image/catalog/php"
	"github.com/foilsec/foil/internal/source/image/catalog/program"
	"github.com/foilsec/foil/internal/source/image/catalog/python"
	"github.com/foilsec/foil/internal/source/image/catalog/rpm"
	"github.com/foilsec/foil/internal/source/image/catalog/ruby"
	"github.com/foilsec/foil/internal/source/image/catalog/rust"
	"github.com/foilsec/foil/internal/source/image/catalog/secret"
	"github.com/foilsec/foil/internal/source/image/catalog/settle"
)

// Catalog asks each of its readers.
type Catalog struct {
	readers []catalog.Reader
	version string
}

var _ catalog.Catalog = (*Catalog)(nil)

// New is the whole catalog.
func New() *Catalog {
	return Of(slices.Concat(
		dpkg.Readers(),
		[]catalog.Reader{apk.Reader(), osrelease.Reader(), gobinary.Reader(), npm.Reader(), python.Reader(),
			rpm.Reader(), java.Reader(), rust.Reader(), dotnet.Reader(), ruby.Reader(), php.Reader(), secret.Reader(), lock.Reader(), program.Reader(), document.Reader()},
	))
}

// Of is a catalog of some readers.
func Of(readers []catalog.Reader) *Catalog {
	c := &Catalog{readers: readers}
	names := make([]string, len(readers))
	for i := range readers {
		names[i] = readers[i].Version
	}
	c.version = strings.Join(names, ", ")
	return c
}

// Version names every reader with its number.
func (c *Catalog) Version() string { return c.version }

// Wants is the largest wish of a reader.
func (c *Catalog) Wants(path string, mode fs.FileMode, size int64) catalog.Wish {
	if size == 0 {
		return catalog.Nothing
	}
	wish := catalog.Nothing
	name := catalog.NewName(path, size, mode&0o111 != 0)
	for i := range c.readers {
		if wish = max(wish, c.readers[i].Wants(&name)); wish == catalog.All {
			break
		}
	}
	return wish
}

// WantsHead reports whether one of the readers that asked for the head wants
// the rest. What it can't know is whether a file is executable; a reader that
// cares has asked before.
func (c *Catalog) WantsHead(path string, head []byte) bool {
	name := catalog.NewName(path, 0, true)
	for i := range c.readers {
		if r := &c.readers[i]; r.WantsHead != nil && r.WantsHead(&name, head) {
			return true
		}
	}
	return false
}

// Read puts together what the readers find.
func (c *Catalog) Read(ctx context.Context, f catalog.File) catalog.Found {
	var found catalog.Found
	var head []byte
	name := f.Name()
	for i := range c.readers {
		r := &c.readers[i]
		switch r.Wants(&name) {
		case catalog.Nothing:
			continue
		case catalog.Head:
			if head == nil {
				head = headOf(&f)
			}
			if !r.WantsHead(&name, head) {
				continue
			}
		}
		one, err := r.Read(ctx, &f)
		if err != nil {
			one.Gaps = append(one.Gaps, artifact.Gap{Path: f.Path, Reason: err.Error(), Ecosystems: r.Ecosystems})
		}
		add(&found, &one)
	}
	return found
}

func headOf(f *catalog.File) []byte {
	head := make([]byte, min(f.Size, catalog.HeadSize))
	n, err := f.Content.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return []byte{} // who reads on meets the error again
	}
	return head[:n]
}

func add(found, one *catalog.Found) {
	found.Packages = append(found.Packages, one.Packages...)
	found.Secrets = append(found.Secrets, one.Secrets...)
	found.Documents = append(found.Documents, one.Documents...)
	found.Owned = append(found.Owned, one.Owned...)
	found.Gaps = append(found.Gaps, one.Gaps...)
	if one.OS != nil {
		found.OS = one.OS
	}
	if one.Program != nil {
		found.Program = one.Program
	}
}

// Settle completes an artifact.
func (c *Catalog) Settle(a *artifact.Artifact, owned []catalog.Ownership) { settle.Settle(a, owned) }
