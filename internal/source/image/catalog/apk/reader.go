package apk

import (
	"context"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/purl"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/need"
)

// Reader is the reader of installed databases.
func Reader() catalog.Reader {
	return catalog.Reader{
		Version: "apk 1", Ecosystems: []string{"Alpine", "Wolfi", "Chainguard"},
		Wants: func(n *catalog.Name) catalog.Wish {
			if n.Base == "installed" && (n.Dir == "lib/apk/db" || n.Dir == "usr/lib/apk/db") {
				return catalog.All
			}
			return catalog.Nothing
		},
		Read: read,
	}
}

// Limits of one database.
const (
	mostPackages = 200_000
	mostFiles    = 1_000_000
)

func read(ctx context.Context, f *catalog.File) (catalog.Found, error) {
	d := database{path: f.Path}
	err := d.read(ctx, f)
	for i := range d.packages {
		d.packages[i].Requires = d.provided.Of(d.packages[i].Name, d.needs[i])
	}
	return catalog.Found{Packages: d.packages, Owned: d.owned}, err
}

// database is a file of entries that is being read.
type database struct {
	path     string
	packages []artifact.Package
	needs    [][]string // of each package
	provided need.Table
	owned    []catalog.Ownership
	files    int
	entry    entry
}

// entry is what one package says of itself.
type entry struct {
	name, version, architecture, licence, origin, depends, provides string
	folder                                                          string
	files                                                           []string
	stripped                                                        bool
}

func (d *database) read(ctx context.Context, f *catalog.File) error {
	for line, err := range catalog.Lines(f) {
		if err != nil {
			return err
		}
		if len(line) == 0 {
			d.end()
			if err := context.Cause(ctx); err != nil {
				return err
			}
			continue
		}
		if len(line) < 2 || line[1] != ':' {
			continue
		}
		d.entry.field(line[0], line[2:])
		if len(d.packages) >= mostPackages || d.files+len(d.entry.files) > mostFiles {
			return fmt.Errorf("it holds more than %d packages or %d files, the limits: the rest was not read", mostPackages, mostFiles)
		}
	}
	d.end()
	return nil
}

func (e *entry) field(key byte, value []byte) {
	switch key {
	case 'P':
		e.name = string(value)
	case 'V':
		e.version = string(value)
	case 'A':
		e.architecture = string(value)
	case 'L':
		e.licence = string(value)
	case 'o':
		e.origin = string(value)
	case 'D':
		e.depends = string(value)
	case 'p':
		e.provides = string(value)
	case 'z': // written by foil image harden
		e.stripped = string(value) == "foil-stripped"
	case 'F':
		e.folder = strings.TrimPrefix(string(value), "/")
	case 'R':
		e.files = append(e.files, join(e.folder, string(value)))
	}
}

func join(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}

func (d *database) end() {
	e := d.entry
	d.entry = entry{}
	if e.name == "" || e.version == "" {
		return
	}
	p := artifact.Package{
		Name: e.name, Version: e.version, Architecture: e.architecture,
		SourceName: e.origin, SourceVersion: e.version, Locations: []string{d.path}, Layer: -1,
		Stripped: e.stripped,
	}
	if e.origin == "" {
		p.SourceName = e.name
	}
	if e.licence != "" {
		p.Licenses = []string{e.licence}
	}
	u := purl.URL{Type: "apk", Name: e.name, Version: e.version}
	u.SetQualifier("arch", e.architecture)
	p.PURL = u.String()
	d.packages = append(d.packages, p)
	d.needs = append(d.needs, d.provided.Take(capabilities(e.depends)))
	d.provided.Provide(e.name, e.name)
	for _, c := range capabilities(e.provides) {
		d.provided.Provide(c, e.name)
	}
	if len(e.files) > 0 {
		d.files += len(e.files)
		d.owned = append(d.owned, catalog.Ownership{Type: "apk", Package: e.name, Files: e.files})
		for _, file := range e.files {
			if program(file) {
				d.provided.Provide("/"+file, e.name)
			}
		}
	}
}

// program reports whether others may need a file by its path, as they do a
// shell.
func program(path string) bool {
	folder := path[:max(strings.LastIndexByte(path, '/'), 0)]
	return folder == "bin" || folder == "sbin" || folder == "usr/bin" || folder == "usr/sbin"
}

// capabilities are the names in "so:libc.musl-x86_64.so.1 musl>=1.2 !conflict".
func capabilities(text string) []string {
	var out []string
	for word := range strings.FieldsSeq(text) {
		if word[0] == '!' {
			continue
		}
		if end := strings.IndexAny(word, "<>=~"); end >= 0 {
			word = word[:end]
		}
		out = append(out, word)
	}
	return out
}
