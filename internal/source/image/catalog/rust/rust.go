// Package rust reads the crates that cargo-auditable writes into programs and
// libraries: a section with a compressed list (its format is described at
// https://github.com/rust-secure-code/cargo-auditable).
//
// A program that was built without it says nothing of its crates.
package rust

import (
	"bytes"
	"compress/zlib"
	"context"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

const (
	smallest      = 100 << 10
	largestPacked = 8 << 20
	largestList   = 64 << 20
	section       = ".dep-v0"
)

// Reader is the reader of auditable programs.
func Reader() catalog.Reader {
	return catalog.Reader{Version: "rust 1", Ecosystems: []string{"crates.io"}, Wants: wants, WantsHead: wantsHead, Read: read}
}

func wants(n *catalog.Name) catalog.Wish {
	if n.Size >= smallest && n.Executable && (strings.IndexByte(n.Base, '.') < 0 || strings.HasSuffix(n.Base, ".so")) {
		return catalog.Head
	}
	return catalog.Nothing
}

func wantsHead(n *catalog.Name, head []byte) bool {
	return bytes.HasPrefix(head, []byte(elf.ELFMAG))
}

func read(_ context.Context, f *catalog.File) (catalog.Found, error) {
	program, err := elf.NewFile(f.Content)
	if err != nil {
		return catalog.Found{}, nil //nolint:nilerr // what is no program names no crates
	}
	s := program.Section(section)
	if s == nil {
		return catalog.Found{}, nil
	}
	if s.FileSize > largestPacked {
		return catalog.Found{}, fmt.Errorf("its list of crates has %d bytes, more than the limit of %d", s.FileSize, largestPacked)
	}
	list, err := parse(io.NewSectionReader(f.Content, int64(s.Offset), int64(s.FileSize)))
	if err != nil {
		return catalog.Found{}, fmt.Errorf("its list of crates can't be read: %w", err)
	}
	return catalog.Found{Packages: list.packages(f.Path)}, nil
}

// list is what cargo-auditable writes.
type list struct {
	Packages []struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Source  string `json:"source"`
		Kind    string `json:"kind"`
	} `json:"packages"`
}

func parse(packed io.Reader) (*list, error) {
	r, err := zlib.NewReader(packed)
	if err != nil {
		return nil, err
	}
	limited := &io.LimitedReader{R: r, N: largestList}
	var l list
	if err := json.NewDecoder(limited).Decode(&l); err != nil {
		if limited.N <= 0 {
			err = errors.New("it expands to more than the limit")
		}
		return nil, err
	}
	return &l, nil
}

// packages are the crates that are linked. Those that only helped to build are
// not; those of the user's own are no crates of the registry.
func (l *list) packages(path string) []artifact.Package {
	var out []artifact.Package
	for _, c := range l.Packages {
		if c.Name == "" || c.Version == "" || c.Kind == "build" {
			continue
		}
		p := catalog.NewPackage("cargo", c.Name, c.Version, path)
		if c.Source != "crates.io" && c.Source != "registry" {
			p.Ecosystem = ""
		}
		out = append(out, p)
	}
	return out
}
