package graph

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// The binary form of a document: counts, file names and text, then one record
// for each node in preorder. A record begins with a byte of kind and flags;
// then come the key (under a map), the content, and the position where it is
// known. The shape of the tree follows from the number of children of each
// container, so that no input can describe a tree that does not nest.
const (
	recordKind     = 0x07
	recordTrue     = 0x08 // of a Bool
	recordPosition = 0x10 // line and column follow
	recordFile     = 0x20 // file number follows; otherwise that of the node before
)

// maxDepth bounds the nesting of a decoded document, as readers of values
// recurse. It is the bound that encoding/json has.
const maxDepth = 10_000

var (
	errTruncated = errors.New("document: ends too early")
	errMalformed = errors.New("document: malformed")
)

// AppendDocument appends the binary form of a document; nil is written as an
// empty one. Equal documents give equal bytes.
func AppendDocument(dst []byte, d *Document) []byte {
	if d == nil {
		d = &Document{}
	}
	dst = binary.AppendUvarint(dst, uint64(len(d.nodes)))
	dst = binary.AppendUvarint(dst, uint64(len(d.files)))
	for _, file := range d.files {
		dst = appendString(dst, file)
	}
	dst = appendString(dst, d.text)
	w := documentWriter{nodes: d.nodes, dst: dst}
	for i := range d.nodes {
		w.node(uint32(i))
	}
	return w.dst
}

type documentWriter struct {
	nodes []node
	dst   []byte
	open  []uint32 // containers around the node being written
	line  uint32
	file  uint16
}

func (w *documentWriter) node(i uint32) {
	for len(w.open) > 0 && w.nodes[w.open[len(w.open)-1]].end <= i {
		w.open = w.open[:len(w.open)-1]
	}
	n := &w.nodes[i]
	w.dst = append(w.dst, w.head(n))
	if len(w.open) > 0 && w.nodes[w.open[len(w.open)-1]].kind == Map {
		w.dst = binary.AppendUvarint(w.dst, uint64(n.key))
		w.dst = binary.AppendUvarint(w.dst, uint64(n.keyLen))
	}
	w.content(n)
	w.position(n)
	if n.kind == Map || n.kind == List {
		w.open = append(w.open, i)
	}
}

func (w *documentWriter) head(n *node) byte {
	head := byte(n.kind)
	if n.kind == Bool && n.size != 0 {
		head |= recordTrue
	}
	if n.line != 0 || n.column != 0 {
		head |= recordPosition
	}
	if n.file != w.file {
		head |= recordFile
	}
	return head
}

func (w *documentWriter) content(n *node) {
	switch n.kind {
	case String:
		w.dst = binary.AppendUvarint(w.dst, uint64(n.value))
		w.dst = binary.AppendUvarint(w.dst, uint64(n.size))
	case Int:
		w.dst = binary.AppendVarint(w.dst, int64(n.bits()))
	case Float:
		w.dst = binary.LittleEndian.AppendUint64(w.dst, n.bits())
	case Map, List:
		w.dst = binary.AppendUvarint(w.dst, uint64(n.size))
	}
}

func (w *documentWriter) position(n *node) {
	if n.line != 0 || n.column != 0 {
		w.dst = binary.AppendVarint(w.dst, int64(n.line)-int64(w.line))
		w.dst = binary.AppendUvarint(w.dst, uint64(n.column))
		w.line = n.line
	}
	if n.file != w.file {
		w.dst = binary.AppendUvarint(w.dst, uint64(n.file))
		w.file = n.file
	}
}

// DecodeDocument reads the binary form of a document from the beginning of src
// and returns what follows it. The bytes may come from anyone: a wrong form is
// an error, and memory stays within about 40 times the length of src. The
// document does not keep src.
func DecodeDocument(src []byte) (d *Document, rest []byte, err error) {
	r := documentReader{src: src}
	count, files := r.uvarint(), r.uvarint()
	// Each node and file name takes a byte at least, so a larger count than
	// bytes is a lie that must not be allocated.
	if count > r.left() || files > min(r.left(), math.MaxUint16+1) {
		r.fail(errTruncated)
	}
	if r.err != nil {
		return nil, nil, r.err
	}
	d = &Document{}
	if files > 0 {
		d.files = make([]string, files)
	}
	for i := range d.files {
		d.files[i] = r.string()
	}
	d.text = r.string()
	if count > r.left() {
		r.fail(errTruncated)
	}
	if r.err != nil {
		return nil, nil, r.err
	}
	d.nodes = make([]node, count)
	if err := r.tree(d); err != nil {
		return nil, nil, err
	}
	return d, src[r.at:], nil
}

type documentReader struct {
	src  []byte
	at   int // what is before it has been read
	err  error
	open []openContainer
	line uint32
	file uint16
}

// openContainer is a container whose children are still being read.
type openContainer struct {
	index, missing uint32
	isMap          bool
}

// tree fills the nodes of d and closes each container after its last child.
func (r *documentReader) tree(d *Document) error {
	for i := range d.nodes {
		if i > 0 && len(r.open) == 0 {
			return fmt.Errorf("%w: more than one root value", errMalformed)
		}
		if err := r.node(d, uint32(i)); err != nil {
			return err
		}
		for len(r.open) > 0 && r.open[len(r.open)-1].missing == 0 {
			d.nodes[r.open[len(r.open)-1].index].end = uint32(i) + 1
			r.open = r.open[:len(r.open)-1]
		}
	}
	if len(r.open) > 0 {
		return fmt.Errorf("%w: fewer values than announced", errMalformed)
	}
	return nil
}

func (r *documentReader) node(d *Document, i uint32) error {
	n := &d.nodes[i]
	head := r.byte()
	n.kind, n.end = ValueKind(head&recordKind), i+1
	text := uint64(len(d.text))
	if len(r.open) > 0 {
		parent := &r.open[len(r.open)-1]
		parent.missing--
		if parent.isMap {
			n.key, n.keyLen = r.span(text)
		}
	}
	r.content(n, head, text, uint64(len(d.nodes))-uint64(i)-1)
	if head&(recordPosition|recordFile) != 0 {
		r.position(n, head)
	}
	n.file = r.file
	switch {
	case r.err != nil:
		return r.err
	case int(n.file) >= len(d.files):
		return fmt.Errorf("%w: unknown file number %d", errMalformed, n.file)
	case n.kind < Map:
		return nil
	case len(r.open) >= maxDepth:
		return fmt.Errorf("%w: nested more than %d levels", errMalformed, maxDepth)
	}
	r.open = append(r.open, openContainer{index: i, missing: n.size, isMap: n.kind == Map})
	return nil
}

// content reads what a node holds; left is the number of nodes that can still
// be its children.
func (r *documentReader) content(n *node, head byte, text, left uint64) {
	switch n.kind {
	case Null:
	case Bool:
		if head&recordTrue != 0 {
			n.size = 1
		}
	case Int:
		n.setBits(uint64(r.varint()))
	case Float:
		n.setBits(r.uint64())
	case String:
		n.value, n.size = r.span(text)
	case Map, List:
		size := r.uvarint()
		if size > left {
			r.fail(fmt.Errorf("%w: more children than values", errMalformed))
			return
		}
		n.size = uint32(size)
	default:
		r.fail(fmt.Errorf("%w: unknown kind of value %d", errMalformed, n.kind))
	}
}

func (r *documentReader) position(n *node, head byte) {
	if head&recordPosition != 0 {
		line := int64(r.line) + r.varint()
		column := r.uvarint()
		if line < 0 || line > math.MaxUint32 || column > math.MaxUint16 {
			r.fail(fmt.Errorf("%w: position out of range", errMalformed))
			return
		}
		n.line, n.column = uint32(line), uint16(column)
		r.line = n.line
	}
	if head&recordFile != 0 {
		file := r.uvarint()
		if file > math.MaxUint16 {
			r.fail(fmt.Errorf("%w: unknown file number %d", errMalformed, file))
			return
		}
		r.file = uint16(file)
	}
}

// span reads a part of the text of the document.
func (r *documentReader) span(text uint64) (offset, length uint32) {
	o, l := r.uvarint(), r.uvarint()
	if o > text || l > text-o {
		r.fail(fmt.Errorf("%w: string outside the text", errMalformed))
		return 0, 0
	}
	return uint32(o), uint32(l)
}

func (r *documentReader) string() string {
	length := r.uvarint()
	if length > min(r.left(), maxText) {
		r.fail(errTruncated)
		return ""
	}
	begin := r.at
	r.at += int(length)
	return string(r.src[begin:r.at])
}

// left is the number of bytes that were not read.
func (r *documentReader) left() uint64 { return uint64(len(r.src) - r.at) }

func (r *documentReader) byte() byte {
	if r.at >= len(r.src) {
		r.fail(errTruncated)
		return 0
	}
	r.at++
	return r.src[r.at-1]
}

func (r *documentReader) uint64() uint64 {
	if r.left() < 8 {
		r.fail(errTruncated)
		return 0
	}
	r.at += 8
	return binary.LittleEndian.Uint64(r.src[r.at-8:])
}

func (r *documentReader) uvarint() uint64 {
	if r.at < len(r.src) && r.src[r.at] < 0x80 { // most numbers are small
		r.at++
		return uint64(r.src[r.at-1])
	}
	return r.longUvarint()
}

func (r *documentReader) longUvarint() uint64 {
	u, n := binary.Uvarint(r.src[r.at:])
	if n <= 0 {
		r.fail(errTruncated)
		return 0
	}
	r.at += n
	return u
}

func (r *documentReader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// fail keeps the first error; what is read after it is not used.
func (r *documentReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}
