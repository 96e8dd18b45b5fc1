package graph

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
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

// CodecVersionError says that a snapshot was written in another version of the
// binary form.
type CodecVersionError struct{ Got, Want uint64 }

func (e *CodecVersionError) Error() string {
	return fmt.Sprintf("graph: binary form version %d, this program reads version %d", e.Got, e.Want)
}

// ErrTooLarge says that a snapshot would need more memory than allowed.
var ErrTooLarge = errors.New("graph: snapshot is larger than the limit")

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

// Memory that a decoded piece takes, for the limit.
const (
	costOfNode     = 256
	costOfEdge     = 96
	costOfGap      = 128
	costOfString   = 32
	costOfDocument = 96
	costOfValue    = 36
)

// ReadSnapshot reads the binary form of a snapshot, which may come from
// anyone: a wrong form is an error, and a snapshot that would take more than
// about maxMemory bytes is refused with [ErrTooLarge] before it does. Bytes
// after the snapshot are an error too.
func ReadSnapshot(r io.Reader, maxMemory int64) (*Snapshot, error) {
	d := snapshotReader{r: bufio.NewReaderSize(r, 1<<16), left: maxMemory}
	s, err := d.snapshot()
	if err != nil {
		return nil, fmt.Errorf("graph: read snapshot: %w", err)
	}
	return s, nil
}

type snapshotReader struct {
	r         *bufio.Reader
	left      int64
	err       error
	scratch   []byte
	strings   []string
	documents []*Document
}

func (d *snapshotReader) snapshot() (*Snapshot, error) {
	magic := d.bytes(uint64(len(snapshotMagic)))
	if d.err == nil && string(magic) != snapshotMagic {
		return nil, errors.New("not the binary form of a graph")
	}
	version := d.uvarint()
	if d.err == nil && version != snapshotVersion {
		return nil, &CodecVersionError{Got: version, Want: snapshotVersion}
	}
	nodes := readAll(d, costOfNode, (*snapshotReader).node)
	edges := readAll(d, costOfEdge, (*snapshotReader).edge)
	gaps := readAll(d, costOfGap, (*snapshotReader).gap)
	if d.err != nil {
		return nil, d.err
	}
	if _, err := d.r.ReadByte(); err != io.EOF {
		return nil, errors.Join(errors.New("bytes after the end"), err)
	}
	return newSnapshot(nodes, edges, gaps), nil
}

// readAll reads one part. The count is not trusted: memory grows with what is
// really there.
func readAll[T any](d *snapshotReader, cost int64, read func(*snapshotReader) T) []T {
	var all []T
	for count := d.uvarint(); count > 0 && d.err == nil; count-- {
		d.charge(cost)
		if record := read(d); d.err == nil {
			all = append(all, record)
		}
	}
	return all
}

func (d *snapshotReader) node() Node {
	return Node{
		ID: NodeID(d.string()), Kind: Kind(d.string()), Namespace: d.string(), Name: d.string(),
		Object: d.value(),
		Provenance: Provenance{
			Source: d.string(), Origin: d.string(), Position: d.position(), ObservedAt: d.time(),
		},
	}
}

func (d *snapshotReader) edge() Edge {
	return Edge{From: NodeID(d.string()), To: NodeID(d.string()), Kind: EdgeKind(d.string()), Evidence: d.value()}
}

func (d *snapshotReader) gap() Gap {
	g := Gap{Subject: d.string(), Position: d.position(), Reason: d.string()}
	g.Kinds = readAll(d, costOfString, func(d *snapshotReader) Kind { return Kind(d.string()) })
	return g
}

func (d *snapshotReader) value() Value {
	var doc *Document
	switch ref := d.uvarint(); {
	case d.err != nil || ref == refNone:
		return Value{}
	case ref == refNew:
		doc = d.document()
	case ref-refFirst < uint64(len(d.documents)):
		doc = d.documents[ref-refFirst]
	default:
		d.fail(fmt.Errorf("unknown document number %d", ref))
	}
	index := d.uvarint()
	if d.err != nil {
		return Value{}
	}
	if index >= uint64(len(doc.nodes)) {
		d.fail(fmt.Errorf("value %d outside its document", index))
		return Value{}
	}
	return Value{doc, uint32(index)}
}

func (d *snapshotReader) document() *Document {
	raw := d.bytes(d.uvarint())
	if d.err != nil {
		return nil
	}
	if count, n := binary.Uvarint(raw); n > 0 && count <= uint64(len(raw)) {
		d.charge(int64(len(raw)) + int64(count)*costOfValue + costOfDocument)
	}
	if d.err != nil {
		return nil
	}
	doc, rest, err := DecodeDocument(raw)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%w: bytes after its end", errMalformed)
	}
	if err != nil {
		d.fail(err)
		return nil
	}
	d.documents = append(d.documents, doc)
	return doc
}

func (d *snapshotReader) string() string {
	switch ref := d.uvarint(); {
	case ref == refNone || d.err != nil:
		return ""
	case ref == refNew:
		length := d.uvarint()
		d.charge(int64(min(length, math.MaxInt32)) + costOfString)
		s := string(d.bytes(length))
		d.strings = append(d.strings, s)
		return s
	case ref-refFirst < uint64(len(d.strings)):
		return d.strings[ref-refFirst]
	default:
		d.fail(fmt.Errorf("unknown string number %d", ref))
		return ""
	}
}

func (d *snapshotReader) position() Position {
	p := Position{File: d.string()}
	line, column := d.uvarint(), d.uvarint()
	if line > math.MaxUint32 || column > math.MaxUint32 {
		d.fail(errors.New("position out of range"))
		return Position{}
	}
	p.Line, p.Column = int(line), int(column)
	return p
}

func (d *snapshotReader) time() time.Time {
	seconds, nanoseconds := d.varint(), d.uvarint()
	// Years after 9999 can't be written as RFC 3339, so no report could.
	const lastSecond = 9998 * 365 * 24 * 3600
	if seconds < 0 || seconds > lastSecond || nanoseconds >= uint64(time.Second) {
		d.fail(errors.New("time out of range"))
		return time.Time{}
	}
	return time.Unix(seconds+time.Time{}.Unix(), int64(nanoseconds)).UTC()
}

// bytes reads length bytes into a buffer that the next call uses again. The
// buffer grows with what is there, as the length is not trusted.
func (d *snapshotReader) bytes(length uint64) []byte {
	const step = 1 << 20
	d.scratch = d.scratch[:0]
	for length > 0 && d.err == nil {
		part := int(min(length, step))
		if int64(len(d.scratch)+part) > d.left {
			d.fail(ErrTooLarge)
			break
		}
		begin := len(d.scratch)
		d.scratch = append(d.scratch, make([]byte, part)...)
		if _, err := io.ReadFull(d.r, d.scratch[begin:]); err != nil {
			d.fail(unexpectedEnd(err))
		}
		length -= uint64(part)
	}
	return d.scratch
}

func (d *snapshotReader) uvarint() uint64 {
	if d.err != nil {
		return 0
	}
	u, err := binary.ReadUvarint(d.r)
	if err != nil {
		d.fail(unexpectedEnd(err))
	}
	return u
}

func (d *snapshotReader) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (d *snapshotReader) charge(bytes int64) {
	if d.left -= bytes; d.left < 0 {
		d.fail(ErrTooLarge)
	}
}

// fail keeps the first error; what is read after it is not used.
func (d *snapshotReader) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

func unexpectedEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
