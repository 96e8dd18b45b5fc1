package program

import (
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/gobinary"
)

// Reader is the reader of programs and of files that go with them.
func Reader() catalog.Reader {
	return catalog.Reader{
		Version: "program 1",
		Wants: func(n *catalog.Name) catalog.Wish {
			if _, known := markOf(n); known {
				return catalog.All
			}
			return catalog.Nothing
		},
		Read: read,
	}
}

const (
	largest      = 512 << 20
	largestWhole = 64 << 20
	part         = 256 << 10
	overlap      = 256
)

func read(ctx context.Context, f *catalog.File) (catalog.Found, error) {
	name := f.Name()
	m, known := markOf(&name)
	if !known || f.Size > largest {
		return catalog.Found{}, nil
	}
	version, err := m.find(ctx, f)
	if err != nil || version == "" {
		return catalog.Found{}, err
	}
	if m.name == "go" { // the distribution: the library that it builds with, and its commands
		return catalog.Found{Packages: []artifact.Package{gobinary.Module("stdlib", gobinary.Toolchain("go"+version), f.Path), gobinary.Module("toolchain", gobinary.Toolchain("go"+version), f.Path)}}, nil
	}
	return catalog.Found{Packages: []artifact.Package{catalog.NewPackage("generic", m.name, version, f.Path)}}, nil
}

// find looks for the version in a file, part by part.
func (m *mark) find(ctx context.Context, f *catalog.File) (string, error) {
	if m.whole != nil {
		content, err := catalog.Bytes(f, largestWhole)
		if err != nil {
			return "", err
		}
		return m.whole(content), nil
	}
	buffer := make([]byte, min(f.Size, part+overlap))
	for at := int64(0); at < f.Size; at += part {
		if err := context.Cause(ctx); err != nil {
			return "", err
		}
		n, err := f.Content.ReadAt(buffer[:min(int64(len(buffer)), f.Size-at)], at)
		if version := m.in(buffer[:n]); version != "" {
			return version, nil
		}
		if err != nil && err != io.EOF {
			return "", err
		}
		if n == 0 {
			break
		}
	}
	return "", nil
}

// in looks for the version in a part of a file.
func (m *mark) in(content []byte) string {
	anchor := m.before + m.kept
	if anchor == "" {
		return m.precedes(content)
	}
	for from := 0; ; {
		next := bytes.Index(content[from:], []byte(anchor))
		if next < 0 {
			return ""
		}
		at := from + next
		from = at + len(anchor)
		if m.before == "" && at > 0 && inVersion(content[at-1]) {
			continue
		}
		if version := m.follows(content[at+len(m.before):]); version != "" {
			return version
		}
	}
}

// follows reads the version that a text begins with, when all else is as it
// must be.
func (m *mark) follows(text []byte) string {
	version := versionAt(text[:min(64, len(text))])
	rest := text[len(version):]
	if strings.Count(version, ".")+1 < m.parts || !bytes.HasPrefix(rest, []byte(m.after)) || !bytes.Contains(rest[:min(64, len(rest))], []byte(m.near)) {
		return ""
	}
	return version
}

// precedes looks for a version by what stands behind it alone.
func (m *mark) precedes(content []byte) string {
	for from := 0; ; {
		next := bytes.Index(content[from:], []byte(m.after))
		if next < 0 {
			return ""
		}
		end := from + next
		from = end + len(m.after)
		start := end
		for start > 0 && end-start < 32 && inVersion(content[start-1]) {
			start--
		}
		if version := m.follows(content[start:]); version != "" {
			return version
		}
	}
}

func inVersion(c byte) bool { return c == '.' || '0' <= c && c <= '9' }
