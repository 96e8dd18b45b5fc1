package eol

import (
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The file, all numbers little-endian and of 32 bits:
//
//	magic, SHA-256 of all that follows,
//	lengths: stamp, count of keys, text of keys, count of products, blocks,
//	stamp as JSON,
//	for each key, in order: where its text begins, the number of its product,
//	text of keys,
//	for each product and one more: where its block begins,
//	blocks: each product by itself, deflated.
const (
	magic      = "foileol1"
	headerSize = len(magic) + sha256.Size
	lengths    = 5
	fixedSize  = headerSize + 4*lengths
)

// Write writes products as one file.
func Write(w io.Writer, products []Product, s Stamp) error {
	products = slices.SortedFunc(slices.Values(products), func(a, b Product) int { return strings.Compare(a.Name, b.Name) })
	stamp, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write the stamp of the end-of-life data: %w", err)
	}
	index, text, entries := indexOf(products)
	var offsets, blocks []byte
	for i := range products {
		offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(blocks)))
		block, err := encode(&products[i])
		if err != nil {
			return fmt.Errorf("write %s: %w", products[i].Name, err)
		}
		blocks = append(blocks, block...)
	}
	offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(blocks)))
	var body []byte
	for _, n := range [lengths]int{len(stamp), entries, len(text), len(products), len(blocks)} {
		body = binary.LittleEndian.AppendUint32(body, uint32(n))
	}
	body = slices.Concat(body, stamp, index, []byte(text), offsets, blocks)
	sum := sha256.Sum256(body)
	_, err = w.Write(slices.Concat([]byte(magic), sum[:], body))
	return err
}

type entry struct {
	key
	product int
}

// indexOf is the index of products by their keys.
func indexOf(products []Product) (index []byte, text string, count int) {
	var entries []entry
	for i := range products {
		for _, k := range products[i].keys() {
			entries = append(entries, entry{k, i})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.product, b.product))
	})
	entries = slices.Compact(entries)
	var b strings.Builder
	for _, e := range entries {
		index = binary.LittleEndian.AppendUint32(index, uint32(b.Len()))
		index = binary.LittleEndian.AppendUint32(index, uint32(e.product))
		b.WriteString(e.key)
	}
	return index, b.String(), len(entries)
}

// encode is the block of one product. Its identities are in the index only.
func encode(p *Product) ([]byte, error) {
	var e encoder
	for _, s := range []string{p.Name, p.Label, p.Category, p.Page, p.Support, p.Extended} {
		e.text(s)
	}
	e.texts(p.Aliases)
	e.texts(p.Tags)
	e.number(len(p.Cycles))
	for i := range p.Cycles {
		c := &p.Cycles[i]
		for _, s := range []string{c.Name, c.Codename, c.Label, c.Latest} {
			e.text(s)
		}
		for _, m := range []Mark{c.Released, c.LTS, c.EOAS, c.EOL, c.EOES, c.LatestOn} {
			e.mark(m)
		}
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(e.data); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

type encoder struct{ data []byte }

func (e *encoder) number(n int) { e.data = binary.AppendUvarint(e.data, uint64(n)) }

func (e *encoder) text(s string) {
	e.number(len(s))
	e.data = append(e.data, s...)
}

func (e *encoder) texts(list []string) {
	e.number(len(list))
	for _, s := range list {
		e.text(s)
	}
}

func (e *encoder) mark(m Mark) {
	e.number(int(m.form))
	if m.form == onDay {
		e.data = binary.AppendVarint(e.data, int64(m.day))
	}
}
