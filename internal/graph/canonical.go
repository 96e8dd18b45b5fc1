package graph

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// AppendCanonical appends a form of the value that is the same for equal
// values and different for different ones: fields are ordered by name,
// positions are left out. It is meant for hashing; it is not a file format.
func AppendCanonical(dst []byte, v Value) []byte {
	dst = append(dst, byte(v.Kind()))
	switch v.Kind() {
	case Map:
		dst = binary.AppendUvarint(dst, uint64(v.Len()))
		for _, f := range sortedFields(v) {
			dst = appendString(dst, f.key)
			dst = AppendCanonical(dst, f.value)
		}
	case List:
		dst = binary.AppendUvarint(dst, uint64(v.Len()))
		for _, item := range v.Items() {
			dst = AppendCanonical(dst, item)
		}
	case String:
		dst = appendString(dst, v.Str())
	case Bool, Int, Float:
		dst = binary.BigEndian.AppendUint64(dst, v.doc.nodes[v.index].bits())
	}
	return dst
}

type field struct {
	key   string
	value Value
}

func sortedFields(v Value) []field {
	fields := make([]field, 0, v.Len())
	for key, value := range v.Fields() {
		fields = append(fields, field{key, value})
	}
	slices.SortFunc(fields, func(a, b field) int { return cmp.Compare(a.key, b.key) })
	return fields
}

func appendString(dst []byte, s string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s)))
	return append(dst, s...)
}
