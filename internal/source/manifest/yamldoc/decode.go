package yamldoc

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"runtime"
	"sync"

	"github.com/foilsec/foil/internal/graph"
)

// Decoder reads streams of documents. It is safe for concurrent use: all
// streams share its workers.
type Decoder struct {
	limits  Limits
	options Options
	workers chan struct{}
	readers sync.Pool // *bufio.Reader
	batches sync.Pool // *batch
	parsers sync.Pool // *parser
}

// Options select what a decoder does.
type Options struct {
	Limits Limits
	// Workers is how many documents are parsed at the same time; the number
	// of processors when zero. The result does not depend on it.
	Workers int
	// ObjectsOnly drops documents that are no Kubernetes objects; they are
	// counted.
	ObjectsOnly bool
	// SkipForeign counts broken JSON that never says "apiVersion" as no
	// Kubernetes object, without a gap. Folders are full of such files:
	// settings of other programs in JSON with comments, for example.
	SkipForeign bool
}

// Version changes whenever the same bytes may give other documents than
// before. It belongs in the key of every cache of documents.
const Version = 1

// Result is what a stream held, in the order of the stream.
type Result struct {
	// Documents are the documents; lists of objects are unrolled.
	Documents []*graph.Document
	// Gaps are the documents that could not be read, and what was wrong with
	// some that could.
	Gaps []graph.Gap
	// Others is how many documents were no Kubernetes objects.
	Others int
	// OverLimit is set when a document was refused because of [Limits].
	OverLimit bool
}

// NewDecoder makes a decoder.
func NewDecoder(o Options) *Decoder {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	d := &Decoder{
		limits: o.Limits.WithDefaults(), options: o,
		// The reading goroutine is a worker itself.
		workers: make(chan struct{}, o.Workers-1),
	}
	const readSize = 64 << 10
	d.readers.New = func() any { return bufio.NewReaderSize(nil, readSize) }
	d.batches.New = func() any { return new(batch) }
	d.parsers.New = func() any { return newParser(d.limits, d.options) }
	return d
}

// Decode reads a whole stream with the number of workers that the machine
// has. The file is the name that positions carry.
func Decode(ctx context.Context, in io.Reader, file string, limits Limits) ([]*graph.Document, []graph.Gap) {
	result := NewDecoder(Options{Limits: limits}).Decode(ctx, in, file)
	return result.Documents, result.Gaps
}

// DecodeBytes is [Decode] for text in memory.
func DecodeBytes(ctx context.Context, data []byte, file string, limits Limits) ([]*graph.Document, []graph.Gap) {
	return Decode(ctx, bytes.NewReader(data), file, limits)
}

// IsObject reports whether a document is a Kubernetes object: a map with an
// apiVersion and a kind.
func IsObject(d *graph.Document) bool {
	root := d.Root()
	return root.Get("apiVersion").Str() != "" && root.Get("kind").Str() != ""
}

// Decode reads a stream to its end, or until the context is done or the
// limits of a file are reached, which it reports as a gap.
func (d *Decoder) Decode(ctx context.Context, in io.Reader, file string) Result {
	buffered := d.readers.Get().(*bufio.Reader)
	buffered.Reset(&limitedReader{in: in, left: d.limits.FileBytes, max: d.limits.FileBytes})
	defer func() {
		buffered.Reset(nil)
		d.readers.Put(buffered)
	}()
	r := &run{decoder: d, file: file}
	err := checkText(buffered)
	if err == nil {
		err = r.read(ctx, newSplitter(buffered, d.limits.DocumentBytes))
	}
	r.parsing.Wait()
	return r.result(err)
}
