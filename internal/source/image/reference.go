package image

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Scheme says where an image is kept.
type Scheme string

// The schemes, as users write them before a reference.
const (
	Docker        Scheme = "docker"
	Podman        Scheme = "podman"
	Containerd    Scheme = "containerd"
	RegistryName  Scheme = "registry"
	OCIArchive    Scheme = "oci-archive"
	OCIFolder     Scheme = "oci-dir"
	DockerArchive Scheme = "docker-archive"
	Directory     Scheme = "dir"
	SingleFile    Scheme = "file"

	anyArchive Scheme = "archive" // which one shows when it is read
)

// Schemes lists all schemes.
func Schemes() []Scheme {
	return []Scheme{Docker, Podman, Containerd, RegistryName, OCIArchive, OCIFolder, DockerArchive, Directory, SingleFile}
}

// Place is a reference taken apart.
type Place struct {
	Scheme Scheme
	Path   string // a file, a folder, or the name of an image
	Image  string // which image in a file or folder; empty for the only one
}

// Locate takes a reference apart. Without a scheme it goes by what exists on
// disk: an archive, a layout, a folder, a file; else it is a name in a registry.
func Locate(reference string) (Place, error) {
	if prefix, rest, ok := strings.Cut(reference, ":"); ok {
		for _, s := range Schemes() {
			if prefix == string(s) {
				return explicit(s, strings.TrimPrefix(rest, "//"))
			}
		}
	}
	if reference == "" {
		return Place{}, errors.New("no image was named")
	}
	return guess(reference)
}

// explicit is a place whose scheme was given.
func explicit(s Scheme, rest string) (Place, error) {
	if rest == "" {
		return Place{}, fmt.Errorf("nothing follows %s: in the reference", s)
	}
	switch s {
	case OCIArchive, OCIFolder, DockerArchive:
		path, name := splitName(rest)
		return Place{s, path, name}, nil
	}
	return Place{Scheme: s, Path: rest}, nil
}

// splitName takes "PATH:NAME" apart, where PATH is what exists.
func splitName(text string) (path, name string) {
	if exists(text) {
		return text, ""
	}
	for i := range len(text) {
		if (text[i] == ':' || text[i] == '@') && exists(text[:i]) {
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return path != "" && err == nil
}

func guess(reference string) (Place, error) {
	if reference == "-" {
		return Place{Scheme: anyArchive, Path: "-"}, nil
	}
	path, name := splitName(reference)
	info, err := os.Stat(path)
	switch {
	case err != nil && looksLikePath(reference):
		return Place{}, fmt.Errorf("there is no %s: %w", reference, fs.ErrNotExist)
	case err != nil:
		return Place{Scheme: RegistryName, Path: reference}, nil //nolint:nilerr // what is not there is in a registry
	case info.IsDir() && exists(filepath.Join(path, "index.json")) && exists(filepath.Join(path, "oci-layout")):
		return Place{OCIFolder, path, name}, nil
	case info.IsDir():
		return Place{Scheme: Directory, Path: path}, nil
	case !info.Mode().IsRegular() || isArchive(path):
		return Place{anyArchive, path, name}, nil
	}
	return Place{Scheme: SingleFile, Path: path}, nil
}

func looksLikePath(reference string) bool {
	return strings.HasPrefix(reference, ".") || strings.HasPrefix(reference, "/") || strings.HasPrefix(reference, "~") ||
		strings.HasSuffix(reference, ".tar") || strings.HasSuffix(reference, ".tgz") || strings.HasSuffix(reference, ".gz")
}

// isArchive looks for a tar, compressed or not, by its first bytes.
func isArchive(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // it was only read
	head := make([]byte, 512)
	n, err := io.ReadFull(file, head)
	if n < 6 || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return strings.HasSuffix(path, ".tar")
	}
	head = head[:n]
	return bytes.HasPrefix(head, []byte{0x1f, 0x8b}) || bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}) ||
		n > 262 && bytes.Equal(head[257:262], []byte("ustar")) || strings.HasSuffix(path, ".tar")
}
