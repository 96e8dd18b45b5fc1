package graph

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// The binary form of a snapshot: magic and version, then the nodes, the edges
// and the gaps, each part with its count. A string or a document is written
// where it is used first and referred to by number afterwards.
const (
	snapshotMagic   = "foil graph\x00"
	snapshotVersion = 1
)

// References to documents and strings.
const (
	refNone  = 0 // no document; for strings, the empty one
	refNew   = 1 // follows here
	refFirst = 2 // the first that was written, and so on
)

// WriteSnapshot writes the binary form of a snapshot. Equal snapshots give
// equal bytes. Times are written in UTC.
func WriteSnapshot(w io.Writer, s *Snapshot) error {
	e := snapshotWriter{
		w:         bufio.NewWriterSize(w, 1<<16),
		strings:   make(map[string]uint64),
		documents: make(map[*Document]uint64),
	}
	e.buf = append(e.buf, snapshotMagic...)
	e.uvarint(snapshotVersion)
	e.uvarint(uint64(len(s.nodes)))
	for i := range s.nodes {
		e.node(&s.nodes[i])
		e.flush()
	}
	e.uvarint(uint64(len(s.edges)))
	for i := range s.edges {
		e.edge(&s.edges[i])
		e.flush()
	}
	e.uvarint(uint64(len(s.gaps)))
	for i := range s.gaps {
		e.gap(&s.gaps[i])
		e.flush()
	}
	e.flush()
	if err := e.w.Flush(); err != nil {
		return fmt.Errorf("graph: write snapshot: %w", err)
	}
	return nil
}

type snapshotWriter struct {
	w         *bufio.Writer
	buf       []byte
	scratch   []byte
	strings   map[string]uint64
	documents map[*Document]uint64
}

// flush hands the record on; the buffered writer keeps the first error.
func (e *snapshotWriter) flush() {
	_, _ = e.w.Write(e.buf)
	e.buf = e.buf[:0]
}

func (e *snapshotWriter) node(n *Node) {
	e.string(string(n.ID))
	e.string(string(n.Kind))
	e.string(n.Namespace)
	e.string(n.Name)
	e.value(n.Object)
	e.string(n.Provenance.Source)
	e.string(n.Provenance.Origin)
	e.position(n.Provenance.Position)
	e.time(n.Provenance.ObservedAt)
}

func (e *snapshotWriter) edge(edge *Edge) {
	e.string(string(edge.From))
	e.string(string(edge.To))
	e.string(string(edge.Kind))
	e.value(edge.Evidence)
}

func (e *snapshotWriter) gap(g *Gap) {
	e.string(g.Subject)
	e.position(g.Position)
	e.string(g.Reason)
	e.uvarint(uint64(len(g.Kinds)))
	for _, kind := range g.Kinds {
		e.string(string(kind))
	}
}

func (e *snapshotWriter) value(v Value) {
	if v.doc == nil {
		e.uvarint(refNone)
		return
	}
	if number, ok := e.documents[v.doc]; ok {
		e.uvarint(refFirst + number)
	} else {
		e.documents[v.doc] = uint64(len(e.documents))
		e.uvarint(refNew)
		e.scratch = AppendDocument(e.scratch[:0], v.doc)
		e.uvarint(uint64(len(e.scratch)))
		e.buf = append(e.buf, e.scratch...)
	}
	e.uvarint(uint64(v.index))
}

func (e *snapshotWriter) string(s string) {
	if s == "" {
		e.uvarint(refNone)
		return
	}
	if number, ok := e.strings[s]; ok {
		e.uvarint(refFirst + number)
		return
	}
	e.strings[s] = uint64(len(e.strings))
	e.uvarint(refNew)
	e.buf = appendString(e.buf, s)
}

func (e *snapshotWriter) position(p Position) {
	e.string(p.File)
	e.uvarint(uint64(max(p.Line, 0)))
	e.uvarint(uint64(max(p.Column, 0)))
}

// time is written as seconds since year 1, so that the zero time is one byte.
func (e *snapshotWriter) time(t time.Time) {
	e.buf = binary.AppendVarint(e.buf, t.Unix()-time.Time{}.Unix())
	e.uvarint(uint64(t.Nanosecond()))
}

func (e *snapshotWriter) uvarint(u uint64) { e.buf = binary.AppendUvarint(e.buf, u) }
