package rpm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/need"
)

// Reader is the reader of databases.
func Reader() catalog.Reader {
	return catalog.Reader{
		Version:    "rpm 1",
		Ecosystems: []string{"Red Hat", "AlmaLinux", "Rocky Linux", "openSUSE", "SUSE", "Oracle Linux", "Amazon Linux", "Azure Linux", "Photon OS"},
		Wants: func(n *catalog.Name) catalog.Wish {
			if isFolder(n.Dir) && isDatabase(n.Base) {
				return catalog.All
			}
			return catalog.Nothing
		},
		Read: read,
	}
}

func isFolder(folder string) bool {
	switch folder {
	case "var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm":
		return true
	}
	return false
}

func isDatabase(name string) bool {
	switch name {
	case "Packages", "Packages.db", "rpmdb.sqlite", "rpmdb.sqlite-wal":
		return true
	}
	return false
}

// source yields the headers of a database. What it yields is valid until it is
// asked for the next one.
type source func(r io.ReaderAt, size int64, yield func(header []byte) error) error

func sourceOf(name string) source {
	switch name {
	case "Packages.db":
		return ndb
	case "rpmdb.sqlite":
		return sqlite
	}
	return berkeley
}

func read(ctx context.Context, f *catalog.File) (catalog.Found, error) {
	if strings.HasSuffix(f.Path, "-wal") {
		return catalog.Found{}, errors.New("it holds changes that are not in the database yet and are not read here: run rpm once in the image, which takes them over")
	}
	if f.Size > largestDatabase {
		return catalog.Found{}, fmt.Errorf("its %d bytes are more than the limit of %d for a database of packages: it was not read", f.Size, largestDatabase)
	}
	d := database{path: f.Path}
	err := sourceOf(f.Name().Base)(f.Content, f.Size, func(header []byte) error {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		return d.add(header)
	})
	if err != nil {
		err = fmt.Errorf("after %d packages: %w", len(d.packages), err)
	}
	for i := range d.packages {
		d.packages[i].Requires = d.provided.Of(d.packages[i].Name, d.needs[i])
	}
	return catalog.Found{Packages: d.packages, Owned: d.owned}, err
}

// database is what its headers say.
type database struct {
	path     string
	packages []artifact.Package
	needs    [][]string // of each package
	provided need.Table
	owned    []catalog.Ownership
	files    int
}

func (d *database) add(content []byte) error {
	h, err := parseHeader(content)
	if err != nil {
		return err
	}
	if len(d.packages) >= mostPackages || d.files > mostFiles {
		return errTooMany
	}
	p, ok := h.pkg(d.path)
	if !ok {
		return nil
	}
	d.packages = append(d.packages, p)
	d.needs = append(d.needs, d.provided.Take(h.texts(tagRequireName)))
	d.provided.Provide(p.Name, p.Name)
	for _, c := range h.texts(tagProvideName) {
		d.provided.Provide(c, p.Name)
	}
	files := h.files()
	d.files += len(files)
	for _, file := range files {
		if isProgram(file) {
			d.provided.Provide("/"+file, p.Name)
		}
	}
	if len(files) > 0 {
		d.owned = append(d.owned, catalog.Ownership{Type: "rpm", Package: p.Name + ":" + p.Architecture, Files: files})
	}
	return nil
}

// isProgram reports whether others may need a file by its path, as they do a
// shell.
func isProgram(path string) bool {
	for _, folder := range [...]string{"bin/", "sbin/", "usr/bin/", "usr/sbin/", "usr/libexec/"} {
		if rest, found := strings.CutPrefix(path, folder); found && !strings.Contains(rest, "/") {
			return true
		}
	}
	return false
}
