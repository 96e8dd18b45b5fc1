package vuln

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// tokens is a record on its way into a file: numbers, and strings by their
// number in an interner. Only when all strings are counted is it known which of
// them are worth an entry of the string table.
type tokens struct {
	strings *interner
	bytes   []byte
	weight  int // no less than the bytes that it takes in a file
}

func (t *tokens) number(n uint64) {
	t.weight += 3 + bits.Len64(n)/7
	t.bytes = binary.AppendUvarint(t.bytes, n<<1)
}

func (t *tokens) text(s string) {
	t.weight += binary.MaxVarintLen32 + len(s)
	t.bytes = binary.AppendUvarint(t.bytes, uint64(t.strings.number(s))<<1|1)
}

func (t *tokens) texts(list []string) {
	t.number(uint64(len(list)))
	for _, s := range list {
		t.text(s)
	}
}

// interner numbers strings and counts how often each is used.
type interner struct {
	numbers map[string]uint32
	texts   []string
	uses    []uint32
	entries []uint32 // place in the string table, 0 for none
}

func newInterner() *interner {
	return &interner{numbers: map[string]uint32{"": 0}, texts: []string{""}, uses: []uint32{0}}
}

func (n *interner) number(s string) uint32 {
	i, ok := n.numbers[s]
	if !ok {
		i = uint32(len(n.texts))
		s = string([]byte(s)) // the record that it is a part of must not be kept
		n.numbers[s] = i
		n.texts, n.uses = append(n.texts, s), append(n.uses, 0)
	}
	n.uses[i]++
	return i
}

// table gives every string that is used more than once an entry, the most used
// first, since their references are shortest.
func (n *interner) table() (offsets, text []byte) {
	var shared []uint32
	for i := 1; i < len(n.texts); i++ {
		if n.uses[i] > 1 {
			shared = append(shared, uint32(i))
		}
	}
	slices.SortFunc(shared, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(n.uses[b], n.uses[a]), cmp.Compare(n.texts[a], n.texts[b]))
	})
	n.entries = make([]uint32, len(n.texts))
	offsets = binary.LittleEndian.AppendUint32(offsets, 0)
	for entry, i := range shared {
		n.entries[i] = uint32(entry + 1)
		text = append(text, n.texts[i]...)
		offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(text)))
	}
	return offsets, text
}

// appendFinal writes tokens in the form of the file. It needs the table.
func (n *interner) appendFinal(out, tokens []byte) []byte {
	for len(tokens) > 0 {
		t, size := binary.Uvarint(tokens)
		tokens = tokens[size:]
		switch i := t >> 1; {
		case t&1 == 0:
			out = binary.AppendUvarint(out, i)
		case i == 0 || n.entries[i] > 0:
			out = binary.AppendUvarint(out, uint64(n.entries[i])<<1)
		default:
			out = binary.AppendUvarint(out, uint64(len(n.texts[i]))<<1|1)
			out = append(out, n.texts[i]...)
		}
	}
	return out
}
