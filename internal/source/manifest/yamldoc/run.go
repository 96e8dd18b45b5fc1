package yamldoc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// run is the reading of one stream.
type run struct {
	decoder   *Decoder
	file      string
	parsing   sync.WaitGroup
	slots     []*parsed
	documents int
	broken    atomic.Int64 // gaps so far
}

// batch is some documents that one worker parses: many small ones, or one that
// is not.
type batch struct {
	text  []byte
	parts []part
}

const (
	batchBytes     = 64 << 10
	batchDocuments = 64
)

func (b *batch) full() bool { return len(b.text) >= batchBytes || len(b.parts) >= batchDocuments }

// read cuts the stream and has the documents parsed, by another worker if one
// is free.
func (r *run) read(ctx context.Context, s *splitter) error {
	for {
		b := r.decoder.batches.Get().(*batch)
		b.text, b.parts = b.text[:0], b.parts[:0]
		err := r.fill(ctx, b, s)
		r.dispatch(b)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// fill reads documents into a batch until it is full.
func (r *run) fill(ctx context.Context, b *batch, s *splitter) error {
	for !b.full() {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("stopped before the end of the file: %w", err)
		}
		text, p, err := s.next(b.text)
		if err != nil {
			return err
		}
		limits := r.decoder.limits
		switch {
		case r.documents >= limits.Documents:
			return &problem{line: p.skipped + 1, reason: fmt.Sprintf("more than %d documents in one file; the rest was not scanned; split the file", limits.Documents)}
		case int(r.broken.Load()) >= limits.Gaps:
			return tooBroken(limits, p.skipped)
		}
		r.documents++
		b.text, b.parts = text, append(b.parts, p)
	}
	return nil
}

func (r *run) dispatch(b *batch) {
	if len(b.parts) == 0 {
		return
	}
	slot := &parsed{skipped: b.parts[0].skipped}
	r.slots = append(r.slots, slot)
	select {
	case r.decoder.workers <- struct{}{}:
		r.parsing.Go(func() {
			r.parse(b, slot)
			<-r.decoder.workers
		})
	default:
		r.parse(b, slot)
	}
}

func (r *run) parse(b *batch, slot *parsed) {
	parser := r.decoder.parsers.Get().(*parser)
	for _, p := range b.parts {
		if len(slot.gaps) >= r.decoder.limits.Gaps {
			slot.stopped = tooBroken(r.decoder.limits, p.skipped)
			break
		}
		p.data = b.text[p.from:p.to]
		parser.parse(p, r.file, slot)
	}
	r.broken.Add(int64(len(slot.gaps)))
	if parser.small() {
		r.decoder.parsers.Put(parser)
	}
	// A buffer that has grown far beyond what documents need is not kept.
	const most = 1 << 20
	if cap(b.text) <= most {
		r.decoder.batches.Put(b)
	}
}
