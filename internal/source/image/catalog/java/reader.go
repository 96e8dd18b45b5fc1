package java

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// Reader is the reader of archives.
func Reader() catalog.Reader {
	return catalog.Reader{
		Version: "java 1", Ecosystems: []string{"Maven"},
		Wants: func(n *catalog.Name) catalog.Wish {
			if n.Size >= endSize && isArchive(n.Base) && !n.Below("testdata") {
				return catalog.All
			}
			return catalog.Nothing
		},
		Read: read,
	}
}

func isArchive(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return false
	}
	switch name[dot:] {
	case ".jar", ".war", ".ear", ".par", ".sar", ".nar", ".kar", ".jpi", ".hpi", ".lpkg", ".rar":
		stem := name[:dot]
		return !strings.HasSuffix(stem, "-sources") && !strings.HasSuffix(stem, "-javadoc") && (name[dot:] != ".rar" || strings.Contains(stem, "-ra"))
	}
	return false
}

// Limits of one file.
const (
	deepest       = 5         // archives in archives
	largestInner  = 128 << 20 // that has to be unpacked to be read
	largestText   = 1 << 20   // coordinates and manifests
	mostExpanded  = 512 << 20 // all together
	mostPackages  = 50_000
	mostComplaint = 16
)

var (
	errDeep     = errors.New("archives lie in it deeper than the limit: those were not looked at")
	errExpanded = errors.New("it expands to more than the limit: the rest was not looked at")
	errPackages = errors.New("it holds more packages than the limit: the rest was not looked at")
)

func read(ctx context.Context, f *catalog.File) (catalog.Found, error) {
	w := walk{ctx: ctx, left: mostExpanded}
	w.archive(f.Content, f.Size, f.Path, 0)
	return catalog.Found{Packages: w.packages}, errors.Join(w.errs...)
}

// walk goes through an archive and those inside.
type walk struct {
	ctx      context.Context
	left     int64 // bytes that may still be unpacked
	packages []artifact.Package
	errs     []error
}

func (w *walk) fail(err error) {
	if len(w.errs) < mostComplaint {
		w.errs = append(w.errs, err)
	}
}

func (w *walk) archive(r io.ReaderAt, size int64, place string, depth int) {
	entries, err := directory(r, size, &w.left, wanted)
	if err != nil {
		w.fail(err)
	}
	var found contents
	for i := range entries {
		if context.Cause(w.ctx) != nil || w.left <= 0 || len(w.packages) > mostPackages {
			break
		}
		e := &entries[i]
		if isArchive(path.Base(e.name)) {
			w.inner(r, e, place+"!/"+e.name, depth+1)
			continue
		}
		text, err := e.bytes(r, min(largestText, w.left))
		if err != nil {
			w.fail(err)
			continue
		}
		w.left -= int64(len(text))
		found.add(e.name, text)
	}
	w.bounds()
	for _, c := range found.coordinates(path.Base(place)) {
		w.packages = append(w.packages, c.pkg(place))
	}
}

func (w *walk) bounds() {
	switch {
	case w.left <= 0:
		w.fail(errExpanded)
	case len(w.packages) > mostPackages:
		w.fail(errPackages)
	}
}

// inner goes through an archive inside another. One that is stored as it is
// need not be copied.
func (w *walk) inner(r io.ReaderAt, e *entry, place string, depth int) {
	if depth > deepest {
		w.fail(errDeep)
		return
	}
	_, section, err := e.content(r)
	if err != nil {
		w.fail(err)
		return
	}
	if section != nil {
		w.left -= 4 << 10 // it may be entered many times
		w.archive(section, section.Size(), place, depth)
		return
	}
	content, err := e.bytes(r, min(largestInner, w.left))
	if err != nil {
		w.fail(err)
		return
	}
	w.left -= int64(len(content))
	w.archive(bytes.NewReader(content), int64(len(content)), place, depth)
}

// wanted are the entries that say what an archive holds.
func wanted(name []byte) bool {
	const meta = "META-INF/"
	base := name[bytes.LastIndexByte(name, '/')+1:]
	switch {
	case bytes.HasPrefix(name, []byte(meta)):
		return string(name[len(meta):]) == "MANIFEST.MF" || string(base) == "pom.properties" || isArchive(string(base))
	case bytes.HasSuffix(name, []byte(".class")), len(base) == 0:
		return false
	}
	return isArchive(string(base))
}

// coordinate is what Maven calls a package by.
type coordinate struct{ group, name, version string }

func (c *coordinate) pkg(place string) artifact.Package {
	full := c.name
	if c.group != "" {
		full = c.group + ":" + c.name
	}
	return catalog.NewPackage("maven", full, c.version, place)
}
