package osrelease

import (
	"context"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// Reader is the reader of release files.
func Reader() catalog.Reader {
	return catalog.Reader{Version: "os-release 1", Wants: wants, Read: read}
}

func wants(n *catalog.Name) catalog.Wish {
	if formOf(n.Path) != nil {
		return catalog.All
	}
	return catalog.Nothing
}

// form reads one kind of release file; false when it names no system.
type form func(text string) (artifact.OS, bool)

func formOf(path string) form {
	folder, base, _ := strings.Cut(path, "/")
	if path == "usr/lib/os-release" {
		return Parse
	}
	if folder != "etc" {
		return nil
	}
	switch base {
	case "os-release":
		return Parse
	case "lsb-release":
		return parseStandardBase
	case "issue":
		return parseIssue
	case "alpine-release":
		return versionOf("alpine", "Alpine Linux")
	case "debian_version":
		return parseDebianVersion
	case "redhat-release", "centos-release", "oracle-release", "system-release", "rocky-release", "almalinux-release", "fedora-release", "photon-release":
		return parseSentence
	}
	return nil
}

// largest is how much of a release file is read; the longest known has 2 KB.
const largest = 64 << 10

func read(_ context.Context, f *catalog.File) (catalog.Found, error) {
	content, err := catalog.Bytes(f, largest)
	if err != nil {
		return catalog.Found{}, err
	}
	os, ok := formOf(f.Path)(string(content))
	if !ok {
		return catalog.Found{}, nil
	}
	os.Path = f.Path
	return catalog.Found{OS: &os}, nil
}
