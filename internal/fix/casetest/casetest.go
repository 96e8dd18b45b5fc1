// Package casetest reads and writes the test cases of package fix and those
// below it: several small files in one, in the txtar format, so that what goes
// in and what comes out is read side by side. Product code must not import it.
package casetest

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// Archive is a comment and files.
type Archive struct {
	Comment []byte
	Files   []*File
}

// File is one file of an archive. Its text ends with a line break.
type File struct {
	Name string
	Data []byte
}

// Read reads an archive: a file begins with a line `-- NAME --`.
func Read(path string) (*Archive, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read test cases: %w", err)
	}
	a := &Archive{}
	into := &a.Comment
	for line := range bytes.Lines(data) {
		name, marker := bytes.CutPrefix(bytes.TrimRight(line, "\n"), []byte("-- "))
		if name, closed := bytes.CutSuffix(name, []byte(" --")); marker && closed {
			f := &File{Name: string(name)}
			a.Files = append(a.Files, f)
			into = &f.Data
			continue
		}
		*into = append(*into, line...)
	}
	return a, nil
}

// Write writes the archive to a file.
func (a *Archive) Write(path string) error {
	var b bytes.Buffer
	b.Write(a.Comment)
	for _, f := range a.Files {
		fmt.Fprintf(&b, "-- %s --\n%s", f.Name, f.Data)
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// Find finds the first file whose name begins like that, nil if there is none.
func (a *Archive) Find(prefix string) *File {
	for _, f := range a.Files {
		if strings.HasPrefix(f.Name, prefix) {
			return f
		}
	}
	return nil
}
