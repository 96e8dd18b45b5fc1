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

// CodecVersionError says that a snapshot was written in another version of the
// binary form.
type CodecVersionError struct{ Got, Want uint64 }

func (e *CodecVersionError) Error() string {
	return fmt.Sprintf("graph: binary form version %d, this program reads version %d", e.Got, e.Want)
}

// ErrTooLarge says that a snapshot would need more memory than allowed.
var ErrTooLarge = errors.New("graph: snapshot is larger than the limit")

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
