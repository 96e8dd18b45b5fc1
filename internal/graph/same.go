package graph

import (
	"encoding/binary"
	"hash/maphash"
)

// Hash is a hash of the value in document order, for grouping values that
// [Same] then compares. It differs from process to process with the seed.
func (v Value) Hash(seed maphash.Seed) uint64 {
	if v.doc == nil {
		return 0
	}
	var h maphash.Hash
	h.SetSeed(seed)
	var fixed [9]byte
	for i, end := v.index, v.doc.nodes[v.index].end; i < end; i++ {
		n := &v.doc.nodes[i]
		fixed[0] = byte(n.kind)
		binary.LittleEndian.PutUint64(fixed[1:], n.identity())
		h.Write(fixed[:])
		if i > v.index {
			h.WriteString(v.doc.str(n.key, n.keyLen))
		}
		if n.kind == String {
			h.WriteString(v.doc.str(n.value, n.size))
		}
	}
	return h.Sum64()
}

// Same reports whether two values hold the same fields in the same order with
// the same content. It is cheaper and stricter than [Equal].
func Same(a, b Value) bool {
	if a.doc == nil || b.doc == nil {
		return a.doc == b.doc
	}
	x := a.doc.nodes[a.index:a.doc.nodes[a.index].end]
	y := b.doc.nodes[b.index:b.doc.nodes[b.index].end]
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		m, n := &x[i], &y[i]
		switch {
		case m.kind != n.kind || m.identity() != n.identity():
			return false
		case i > 0 && a.doc.str(m.key, m.keyLen) != b.doc.str(n.key, n.keyLen):
			return false
		case m.kind == String && a.doc.str(m.value, m.size) != b.doc.str(n.value, n.size):
			return false
		}
	}
	return true
}

// Corresponding is the place in other, which is the same as v, where inside
// stands in v.
func (v Value) Corresponding(inside, other Value) Value {
	return Value{other.doc, other.index + (inside.index - v.index)}
}

// identity is the content of a node apart from its strings: the bits of a
// scalar, the number of children of a container, the length of a string.
func (n *node) identity() uint64 {
	if n.kind == Int || n.kind == Float {
		return n.bits()
	}
	return uint64(n.size)
}
