package layer

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/tape"
	"github.com/foilsec/foil/internal/source/image/tree"
)

// Read reads a layer. It fails when the context is done or the machine has no
// room; what can't be opened, is damaged, refused or too large is a gap of the
// result.
func Read(ctx context.Context, o Options, b Blob) (*Result, error) {
	r := newReader(ctx, o, b)
	if err := r.run(); err != nil {
		return nil, fmt.Errorf("read %s: %w", b.Name, err)
	}
	return r.result, nil
}

// Again reads a layer once more, and shows the catalog only some entries, under
// the names that lead to them.
func Again(ctx context.Context, o Options, b Blob, names map[uint32][]string) ([]File, error) {
	r := newReader(ctx, o, b)
	r.again = names
	if err := r.run(); err != nil {
		return nil, fmt.Errorf("read %s again: %w", b.Name, err)
	}
	return r.result.Files, nil
}

type reader struct {
	outer   context.Context // of the caller
	ctx     context.Context // of the reader, done when it is
	stop    context.CancelFunc
	options Options
	blob    Blob
	again   map[uint32][]string
	result  *Result
	stored  *stored
	content *content
	names   *names
	files   *files
	entry   uint32
}

func newReader(ctx context.Context, o Options, b Blob) *reader {
	o.Limits = o.Limits.WithDefaults()
	r := &reader{outer: ctx, options: o, blob: b, result: &Result{Index: &tree.Index{Tree: tree.New()}}}
	r.ctx, r.stop = context.WithCancel(ctx)
	r.names = &names{index: r.result.Index}
	r.files = &files{options: o, result: r.result}
	return r
}

func (r *reader) run() error {
	defer r.stop()
	source, err := r.blob.Open(r.ctx)
	if err != nil {
		return r.broken(fmt.Errorf("it can't be opened: %w", err))
	}
	r.stored = &stored{source: source, sum: newSum(r.blob.Digest), progress: r.options.Progress}
	expanded, end, err := expand(r.stored)
	if err != nil {
		_ = source.Close() // the error before it says more
		return r.broken(err)
	}
	r.content = newContent(r.ctx, expanded, newSum(r.blob.DiffID), r.check)
	err = r.entries()
	if err == nil {
		err = r.content.drain()
	}
	r.finish(source, end)
	return r.conclude(err)
}

// finish ends the goroutine that expands, and then what it reads from.
func (r *reader) finish(source io.Closer, end func()) {
	r.stop()
	_ = source.Close() // it may be what the goroutine waits for; whether all came is known by the digest
	for range r.content.full {
		continue
	}
	end()
}

// conclude says what the end of reading means.
func (r *reader) conclude(err error) error {
	r.files.close()
	r.result.Size = r.stored.size.Load()
	if err != nil {
		return r.broken(err)
	}
	r.result.Digest, r.result.DiffID = digestOf(r.stored.sum), digestOf(r.content.sum)
	r.names.report(r.gap)
	r.result.Whole = r.matches("stored bytes", r.blob.Digest, r.result.Digest) &&
		r.matches("expanded bytes", r.blob.DiffID, r.result.DiffID)
	return nil
}

// matches compares a digest with what the image claims.
func (r *reader) matches(what, claimed, is string) bool {
	if claimed == "" || claimed == is {
		return true
	}
	r.gap("", fmt.Sprintf("its %s have the digest %s and the image says %s: the image was damaged or changed, build or fetch it anew", what, is, claimed))
	return false
}

// broken makes a gap of what is wrong with the layer, and an error of what is
// wrong around it.
func (r *reader) broken(err error) error {
	if cause := r.outside(err); cause != nil {
		return cause
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		err = errors.New("it ends too early: the image was cut off while it was copied, fetch it anew")
	case errors.Is(err, tape.ErrHeader):
		err = fmt.Errorf("after %d entries: %w", r.entry, err)
	}
	r.gap("", err.Error())
	return nil
}

// outside tells what is no fault of the layer.
func (r *reader) outside(err error) error {
	var failed *spillError
	if errors.As(err, &failed) {
		return err
	}
	return context.Cause(r.outer)
}

func (r *reader) gap(path, reason string) {
	name := r.blob.Name
	if path != "" {
		name += ": " + path
	}
	r.result.Gaps = append(r.result.Gaps, artifact.Gap{Path: name, Reason: reason})
}

// check holds the limits of what a layer expands to.
func (r *reader) check(size int64) error {
	l := r.options.Limits
	packed := r.stored.size.Load()
	switch {
	case size > l.Expanded:
		return fmt.Errorf("it expands to more than %d bytes, the limit: what follows was not read", l.Expanded)
	case size > l.Free && size/l.Ratio > packed:
		return fmt.Errorf("%d bytes expand to more than %d, which is more than %d times as much: what follows was not read, since it looks made to exhaust memory or time", packed, size, l.Ratio)
	}
	return nil
}
