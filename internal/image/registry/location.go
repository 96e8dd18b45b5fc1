package registry

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"oras.land/oras-go/v2/registry"

	"github.com/foilsec/foil/internal/artifact"
)

// Location is where an image is, as a user writes it.
type Location struct {
	Layout     string // folder in the OCI image layout; empty for a registry
	Repository string // "docker.io/library/nginx"; of a layout, what policies call it
	Tag        string // empty when only a digest was given
	Digest     string // empty when only a tag was given
}

// layoutScope is how trust policies call folders that the user gives no name.
// A policy that speaks of every image speaks of them too.
const layoutScope = "local/layout"

// defaultTag is what a name without tag and digest means to everybody.
const defaultTag = "latest"

var (
	layoutSchemes   = [...]string{"oci-dir:", "oci:"}
	registrySchemes = [...]string{"registry:", "docker://"}
)

// Parse reads a name like "nginx", "ghcr.io/shop/kitchen@sha256:…" or
// "oci-dir:./out:v1". Short names mean Docker Hub.
func Parse(text string) (Location, error) {
	for _, scheme := range layoutSchemes {
		if rest, ok := strings.CutPrefix(text, scheme); ok {
			return ParseLayout(rest)
		}
	}
	for _, scheme := range registrySchemes {
		text = strings.TrimPrefix(text, scheme)
	}
	var l Location
	l.Repository, l.Tag, l.Digest = artifact.Split(text)
	return l.check(text)
}

// ParseLayout reads a folder with a tag or a digest behind it.
func ParseLayout(text string) (Location, error) {
	l := Location{Repository: layoutScope}
	l.Layout, l.Digest, _ = strings.Cut(text, "@")
	if _, err := os.Stat(l.Layout); err != nil { // a folder may have a colon in its name
		l.Layout, l.Tag = splitTag(l.Layout)
	}
	if l.Layout == "" {
		return Location{}, fmt.Errorf("%q names no folder: want oci-dir:FOLDER:TAG", text)
	}
	l.Layout = filepath.Clean(l.Layout)
	return l.check(text)
}

func (l Location) check(text string) (Location, error) {
	if l.Tag == "" && l.Digest == "" {
		l.Tag = defaultTag
	}
	for _, name := range []string{l.Tag, l.Digest} {
		if name == "" {
			continue
		}
		if _, err := registry.ParseReference(l.join(name)); err != nil {
			return Location{}, fmt.Errorf("%q is not the name of an image: %w", text, err)
		}
	}
	if strings.HasSuffix(text, "@") || strings.HasSuffix(text, ":") {
		return Location{}, fmt.Errorf("%q is not the name of an image: %w", text, errors.New("nothing follows its last sign"))
	}
	return l, nil
}

// splitTag cuts a tag off a folder.
func splitTag(text string) (name, tag string) {
	i := strings.LastIndexByte(text, ':')
	if i < 0 || strings.ContainsAny(text[i:], `/\`) {
		return text, ""
	}
	return text[:i], text[i+1:]
}

// reference is what to ask for: the digest, where there is one.
func (l Location) reference() string {
	if l.Digest != "" {
		return l.Digest
	}
	return l.Tag
}

func (l Location) join(reference string) string {
	if strings.Contains(reference, ":") {
		return l.Repository + "@" + reference
	}
	return l.Repository + ":" + reference
}

// String is the location as people write it.
func (l Location) String() string {
	if l.Layout == "" {
		return l.join(l.reference())
	}
	separator := ":"
	if l.Digest != "" {
		separator = "@"
	}
	return "oci-dir:" + l.Layout + separator + l.reference()
}

// At is the location with a digest in place of its tag.
func (l Location) At(digest string) Location {
	l.Tag, l.Digest = "", digest
	return l
}
