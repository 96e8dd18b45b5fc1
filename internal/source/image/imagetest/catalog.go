package imagetest

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// Kind is the kind of the documents in which [Catalog] keeps contents.
const Kind = "content"

// Catalog recognises package databases that consist of words, "name=version";
// os-release files; credentials, which are files that begin with "SECRET"; and,
// with Everything, makes a document of every file.
type Catalog struct {
	Everything bool
	// Databases are the names that hold packages; the base name alone, when there
	// is no slash in it.
	Databases []string
	Marker    string // part of the version
}

var _ catalog.Catalog = (*Catalog)(nil)

// Version changes with the fields.
func (c *Catalog) Version() string {
	return strings.Join(append([]string{c.Marker}, c.Databases...), " ")
}

// Wants says whether a file is worth reading.
func (c *Catalog) Wants(name string, _ fs.FileMode, size int64) catalog.Wish {
	switch {
	case c.Everything, c.holdsPackages(name), strings.HasSuffix(name, "os-release"):
		return catalog.All
	case size > 0:
		return catalog.Head
	}
	return catalog.Nothing
}

func (c *Catalog) holdsPackages(name string) bool {
	for _, d := range c.Databases {
		if d == name || !strings.Contains(d, "/") && path.Base(name) == d {
			return true
		}
	}
	return false
}

// WantsHead looks for credentials.
func (c *Catalog) WantsHead(_ string, head []byte) bool {
	return bytes.HasPrefix(head, []byte("SECRET"))
}

// Read says what a file holds.
func (c *Catalog) Read(_ context.Context, f catalog.File) catalog.Found {
	content, err := io.ReadAll(io.NewSectionReader(f.Content, 0, f.Size))
	if err != nil {
		return catalog.Found{Gaps: []artifact.Gap{{Path: f.Path, Reason: err.Error()}}}
	}
	found := catalog.Found{}
	if c.Everything {
		found.Documents = []artifact.Document{{Path: f.Path, Kind: Kind, Content: content}}
	}
	if bytes.HasPrefix(content, []byte("SECRET")) {
		found.Secrets = []artifact.Secret{{Rule: "secret", Path: f.Path}}
	}
	if strings.HasSuffix(f.Path, "os-release") {
		found.OS = &artifact.OS{ID: string(content), Path: f.Path}
	}
	if c.holdsPackages(f.Path) {
		for _, word := range strings.Fields(string(content)) {
			name, version, ok := strings.Cut(word, "=")
			if !ok {
				continue
			}
			found.Packages = append(found.Packages, artifact.Package{Name: name, Version: version, Locations: []string{f.Path}})
		}
	}
	return found
}

// Settle leaves the artifact as it is.
func (c *Catalog) Settle(*artifact.Artifact, []catalog.Ownership) {}
