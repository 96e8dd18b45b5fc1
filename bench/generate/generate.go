// Package generate invents Kubernetes clusters of any size, for benchmarks and
// for tests that need many objects.
//
// Each is the common entry; Write and WriteDir put the same documents into a
// stream or a folder. The same Options give the same bytes on every machine
// and with every release of Go, since the random numbers are the package's
// own. Memory does not grow with the number of objects: an object is a
// function of the seed and its index, and what refers to others refers to the
// last few.
//
// The package knows nothing of foil: it must not import the product, so that a
// fault in the product cannot shape its own measurement. All names and values
// are invented; nothing is read but the Options.
package generate

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Options describe one cluster. The zero value of everything but Objects is valid.
type Options struct {
	Objects int
	Seed    uint64
	// MistakeRate scales every insecure choice: 0 makes none, 1 many in every workload.
	MistakeRate float64
	// CopyRate is the share of workloads whose pod spec equals an earlier one.
	CopyRate float64
	// ApplyFriendly leaves out what an API server itself writes (uid, status,
	// owners, nodes of pods), so that it accepts every object in the order given.
	ApplyFriendly bool
}

// Defaults are a cluster as a scanner meets it: as exported from an API server.
func Defaults(objects int) Options {
	return Options{Objects: objects, Seed: 1, MistakeRate: 0.3, CopyRate: 0.2}
}

// Check says what is wrong with the options, nil if nothing is.
func (o Options) Check() error {
	switch {
	case o.Objects < 1:
		return fmt.Errorf("generate a cluster of %d objects: give at least 1", o.Objects)
	case !(o.MistakeRate >= 0 && o.MistakeRate <= 1):
		return fmt.Errorf("mistake rate %v: give a number from 0 to 1", o.MistakeRate)
	case !(o.CopyRate >= 0 && o.CopyRate <= 1):
		return fmt.Errorf("copy rate %v: give a number from 0 to 1", o.CopyRate)
	}
	return nil
}

// Document is one object.
type Document struct {
	Kind, Namespace, Name string
	YAML                  []byte // valid until the callback returns
}

// Each makes the objects one after the other, namespaces first, then service
// accounts, then the rest. It stops at the first error of emit.
func Each(options Options, emit func(Document) error) error {
	if err := options.Check(); err != nil {
		return err
	}
	cluster := newBuilder(options)
	var buffer []byte
	for i := range options.Objects {
		object := cluster.object(i)
		buffer = appendYAML(buffer[:0], object.tree)
		document := Document{object.kind, object.namespace, object.name, buffer}
		if err := emit(document); err != nil {
			return fmt.Errorf("object %d of %d, %s %s: %w", i+1, options.Objects, object.kind, object.name, err)
		}
	}
	return nil
}

// Write writes all objects as one stream of YAML documents.
func Write(w io.Writer, options Options) error {
	out := bufio.NewWriterSize(w, 1<<16)
	if err := Each(options, func(d Document) error { return writeDocument(out, d) }); err != nil {
		return err
	}
	return out.Flush()
}

func writeDocument(w *bufio.Writer, d Document) error {
	// A bufio.Writer keeps its first error and returns it from every later write.
	_, _ = w.WriteString("---\n")
	_, err := w.Write(d.YAML)
	return err
}

// WriteDir writes the objects into numbered files of perFile documents each.
func WriteDir(dir string, perFile int, options Options) error {
	if perFile < 1 {
		return fmt.Errorf("%d objects in a file: give at least 1", perFile)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the output folder: %w", err)
	}
	files := &fileSeries{dir: dir, perFile: perFile}
	err := Each(options, files.write)
	return errors.Join(err, files.close())
}

// fileSeries is the file being written, and how much is in it.
type fileSeries struct {
	dir     string
	perFile int

	file    *os.File
	out     *bufio.Writer
	number  int // files begun
	written int // documents in the current file
}

func (s *fileSeries) write(d Document) error {
	if s.file == nil || s.written == s.perFile {
		if err := s.next(); err != nil {
			return err
		}
	}
	s.written++
	return writeDocument(s.out, d)
}

func (s *fileSeries) next() error {
	if err := s.close(); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(s.dir, fmt.Sprintf("%06d.yaml", s.number)))
	if err != nil {
		return err
	}
	s.file, s.out, s.written = file, bufio.NewWriterSize(file, 1<<16), 0
	s.number++
	return nil
}

func (s *fileSeries) close() error {
	if s.file == nil {
		return nil
	}
	err := errors.Join(s.out.Flush(), s.file.Close())
	s.file = nil
	return err
}
