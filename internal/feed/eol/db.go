package eol

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"
)

// DB is a file of products. It is immutable and safe for concurrent use.
type DB struct {
	stamp, index, keys, offsets, blocks string
}

// Stamp says where the data is from.
type Stamp struct {
	Source      string    `json:"source"`
	Made        string    `json:"made,omitempty"` // by its publisher, RFC 3339
	Imported    time.Time `json:"imported,omitzero"`
	Products    int       `json:"products"`
	Cycles      int       `json:"cycles"`
	License     string    `json:"license"`
	Attribution string    `json:"attribution"`
}

// MadeAt is when the publisher made the data; zero when it is not known.
func (s *Stamp) MadeAt() time.Time {
	t, _ := time.Parse(time.RFC3339, s.Made) // zero when it does not say
	return t
}

// Open reads a file that [Write] made and checks its sum.
func Open(path string) (*DB, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the end-of-life data: %w", err)
	}
	db, err := parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if sum := sha256.Sum256(data[headerSize:]); string(sum[:]) != string(data[len(magic):headerSize]) {
		return nil, fmt.Errorf("%s: %w: its sum is wrong", path, errDamaged)
	}
	return db, nil
}

// parse finds the parts of a file and decodes none of them.
func parse(data string) (*DB, error) {
	if len(data) < fixedSize || !strings.HasPrefix(data, magic) {
		return nil, fmt.Errorf("%w: it does not begin as such a file does", errDamaged)
	}
	rest := data[fixedSize:]
	var sizes [lengths]uint64
	for i := range sizes {
		sizes[i] = uint64(number(data[headerSize:], i))
	}
	sizes[1], sizes[3] = 8*sizes[1], 4*sizes[3]+4
	db := &DB{}
	for i, part := range []*string{&db.stamp, &db.index, &db.keys, &db.offsets, &db.blocks} {
		if sizes[i] > uint64(len(rest)) {
			return nil, fmt.Errorf("%w: it ends early", errDamaged)
		}
		*part, rest = rest[:sizes[i]], rest[sizes[i]:]
	}
	if rest != "" {
		return nil, fmt.Errorf("%w: it goes on after its end", errDamaged)
	}
	return db, nil
}

// number is number i of a table.
func number(table string, i int) uint32 {
	return binary.LittleEndian.Uint32([]byte(table[4*i : 4*i+4]))
}

// cut is a part of a text, empty when the bounds make no sense.
func cut(text string, from, to uint32) string {
	if from > to || uint64(to) > uint64(len(text)) {
		return ""
	}
	return text[from:to]
}

// Stamp says where the data is from.
func (db *DB) Stamp() (Stamp, error) {
	var s Stamp
	if err := json.Unmarshal([]byte(db.stamp), &s); err != nil {
		return s, fmt.Errorf("%w: its stamp can't be read", errDamaged)
	}
	return s, nil
}

// Len is the number of products.
func (db *DB) Len() int { return len(db.offsets)/4 - 1 }

// At is product number i, in the order of their names.
func (db *DB) At(i int) (*Product, error) {
	if i < 0 || i >= db.Len() {
		return nil, errDamaged
	}
	return decode(cut(db.blocks, number(db.offsets, i), number(db.offsets, i+1)))
}

func (db *DB) keyAt(i int) string {
	end := uint32(len(db.keys))
	if i+1 < len(db.index)/8 {
		end = number(db.index, 2*i+2)
	}
	return cut(db.keys, number(db.index, 2*i), end)
}

// find decodes the products that have a key.
func (db *DB) find(k key) ([]*Product, error) {
	count := len(db.index) / 8
	var list []*Product
	for i := sort.Search(count, func(i int) bool { return db.keyAt(i) >= k }); i < count && db.keyAt(i) == k; i++ {
		p, err := db.At(int(number(db.index, 2*i+1)))
		if err != nil {
			return list, err
		}
		list = append(list, p)
	}
	return list, nil
}
