package graph

import (
	"errors"
	"fmt"
	"math"
)

// DocumentBuilder makes one [Document] from events in document order: open a
// map or list, add scalars, close it again. The field name is ignored under a
// list and at the root. It may be reused after Finish; it is not safe for
// concurrent use.
type DocumentBuilder struct {
	nodes []node
	text  []byte
	files []string
	open  []uint32
	known stringTable
	err   error
}

// maxText bounds the strings of one document, so that offsets fit in 32 bits.
const maxText = math.MaxUint32

var errUnbalanced = errors.New("document: containers opened and closed do not match")

// OpenMap begins a map; Close ends it.
func (b *DocumentBuilder) OpenMap(key string, at Position) { b.openContainer(Map, key, at) }

// OpenList begins a list; Close ends it.
func (b *DocumentBuilder) OpenList(key string, at Position) { b.openContainer(List, key, at) }

// Close ends the map or list that was opened last.
func (b *DocumentBuilder) Close() {
	if len(b.open) == 0 {
		b.fail(errUnbalanced)
		return
	}
	last := b.open[len(b.open)-1]
	b.open = b.open[:len(b.open)-1]
	b.nodes[last].end = uint32(len(b.nodes))
}

// String adds a string.
func (b *DocumentBuilder) String(key, value string, at Position) {
	n := b.add(String, key, at)
	n.value, n.size = b.intern(value), uint32(len(value))
}

// Int adds an integer.
func (b *DocumentBuilder) Int(key string, value int64, at Position) {
	b.add(Int, key, at).setBits(uint64(value))
}

// Float adds a floating-point number.
func (b *DocumentBuilder) Float(key string, value float64, at Position) {
	b.add(Float, key, at).setBits(math.Float64bits(value))
}

// Bool adds a boolean.
func (b *DocumentBuilder) Bool(key string, value bool, at Position) {
	n := b.add(Bool, key, at)
	if value {
		n.size = 1
	}
}

// Null adds a null.
func (b *DocumentBuilder) Null(key string, at Position) { b.add(Null, key, at) }

// Copy adds a value of another document with its positions, under a new name.
func (b *DocumentBuilder) Copy(key string, v Value) {
	at := v.Position()
	switch v.Kind() {
	case Map:
		b.OpenMap(key, at)
		for name, field := range v.Fields() {
			b.Copy(name, field)
		}
		b.Close()
	case List:
		b.OpenList(key, at)
		for _, item := range v.Items() {
			b.Copy("", item)
		}
		b.Close()
	case String:
		b.String(key, v.Str(), at)
	case Absent, Null:
		b.Null(key, at)
	default:
		n := b.add(v.Kind(), key, at)
		n.setBits(v.doc.nodes[v.index].bits())
	}
}

// Len is the number of values added so far.
func (b *DocumentBuilder) Len() int { return len(b.nodes) }

// Finish yields the document and makes the builder ready for the next one. It
// fails when containers were left open or nothing or too much was added.
func (b *DocumentBuilder) Finish() (*Document, error) {
	defer b.reset()
	switch {
	case b.err != nil:
		return nil, b.err
	case len(b.open) != 0:
		return nil, errUnbalanced
	case len(b.nodes) == 0:
		return nil, errors.New("document: empty")
	case int(b.nodes[0].end) != len(b.nodes):
		return nil, errors.New("document: more than one root value")
	}
	d := &Document{
		nodes: append(make([]node, 0, len(b.nodes)), b.nodes...),
		text:  string(b.text),
		files: append([]string(nil), b.files...),
	}
	return d, nil
}

func (b *DocumentBuilder) reset() {
	b.nodes, b.text, b.files, b.open, b.err = b.nodes[:0], b.text[:0], b.files[:0], b.open[:0], nil
	b.known.reset()
}

func (b *DocumentBuilder) openContainer(kind ValueKind, key string, at Position) {
	b.add(kind, key, at)
	b.open = append(b.open, uint32(len(b.nodes)-1))
}

func (b *DocumentBuilder) add(kind ValueKind, key string, at Position) *node {
	n := node{kind: kind, end: uint32(len(b.nodes) + 1), line: uint32(max(at.Line, 0)), column: uint16(min(max(at.Column, 0), math.MaxUint16)), file: b.file(at.File)}
	if len(b.open) > 0 {
		parent := &b.nodes[b.open[len(b.open)-1]]
		parent.size++
		if parent.kind == Map {
			n.key, n.keyLen = b.intern(key), uint32(len(key))
		}
	}
	b.nodes = append(b.nodes, n)
	return &b.nodes[len(b.nodes)-1]
}

// file interns a file name; a document rarely has more than two.
func (b *DocumentBuilder) file(name string) uint16 {
	for i := len(b.files) - 1; i >= 0; i-- {
		if b.files[i] == name {
			return uint16(i)
		}
	}
	if len(b.files) >= math.MaxUint16 {
		return 0
	}
	b.files = append(b.files, name)
	return uint16(len(b.files) - 1)
}

// intern stores each short string of a document once: field names repeat.
func (b *DocumentBuilder) intern(s string) uint32 {
	const short = 64
	if len(s) > short {
		return b.store(s)
	}
	if len(s) == 0 {
		return 0
	}
	return b.known.find(b, s)
}

func (b *DocumentBuilder) store(s string) uint32 {
	if len(b.text)+len(s) > maxText {
		b.fail(fmt.Errorf("document: more than %d bytes of text", uint64(maxText)))
		return 0
	}
	b.text = append(b.text, s...)
	return uint32(len(b.text) - len(s))
}

func (b *DocumentBuilder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (n *node) setBits(bits uint64) { n.value, n.size = uint32(bits>>32), uint32(bits) }
