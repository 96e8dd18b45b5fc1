package artifact

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"
)

// Symbols is the set of functions that are linked into a program, as sorted
// hashes: whether a name is in the set can be asked, the names can't be listed.
// Two names share a hash once in 2⁶⁴ times.
type Symbols []uint64

// SymbolHash is the hash of a function: the import path of its package and its
// name as the Go vulnerability database writes it, "Parse" or "Decoder.Decode".
func SymbolHash(path, name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(path))
	h.Write([]byte{0})
	h.Write([]byte(name))
	return h.Sum64()
}

// NewSymbols makes a set of hashes, which it takes over.
func NewSymbols(hashes []uint64) Symbols {
	slices.Sort(hashes)
	return Symbols(slices.Compact(hashes))
}

// Has reports whether a function is in the set.
func (s Symbols) Has(path, name string) bool {
	_, found := slices.BinarySearch(s, SymbolHash(path, name))
	return found
}

// HasPackage reports whether anything of a package is in the set. The package
// itself is entered with an empty name.
func (s Symbols) HasPackage(path string) bool { return s.Has(path, "") }

// MarshalText writes the set as base64 of little-endian numbers.
func (s Symbols) MarshalText() ([]byte, error) {
	raw := make([]byte, 0, 8*len(s))
	for _, h := range s {
		raw = binary.LittleEndian.AppendUint64(raw, h)
	}
	return base64.StdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText reads what MarshalText wrote.
func (s *Symbols) UnmarshalText(text []byte) error {
	raw, err := base64.StdEncoding.AppendDecode(nil, text)
	if err != nil || len(raw)%8 != 0 {
		return fmt.Errorf("the set of symbols is damaged: it is not base64 of 8-byte numbers")
	}
	set := make(Symbols, len(raw)/8)
	for i := range set {
		set[i] = binary.LittleEndian.Uint64(raw[8*i:])
	}
	if !slices.IsSorted(set) {
		return fmt.Errorf("the set of symbols is damaged: it is not sorted")
	}
	*s = set
	return nil
}
