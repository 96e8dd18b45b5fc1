package inflate

import "math/bits"

// A table maps the next bits of the input to an entry. Codes that are longer than
// the first index lead to a second table behind the first one.
//
//	bits 0–7    how many bits the code has
//	bits 8–13   how many further bits belong to the value; of a second table: its index
//	bit  14     the block ends
//	bit  15     no value: the block ends, or a second table follows
//	bits 16–30  the value: a byte, a base, or where the second table begins
//	bit  31     the value is a byte
const (
	isByte  = 1 << 31
	special = 1 << 15
	isEnd   = 1 << 14
)

const (
	symbolBits   = 11
	distanceBits = 8
	symbolSize   = 8192 // 2048, and at most 143 second tables of 16
	distanceSize = 4096 // 256, and at most 15 second tables of 128
	longestCode  = 15
)

// symbolEntry is the entry of a byte, a length or the end of a block, without the
// bits of its code.
func symbolEntry(symbol int) uint32 {
	switch {
	case symbol < 256:
		return isByte | uint32(symbol)<<16
	case symbol == 256:
		return special | isEnd
	}
	n := symbol - 257
	return uint32(lengthBases[n])<<16 | uint32(lengthExtras[n])<<8
}

// distanceEntry is the same of a distance.
func distanceEntry(symbol int) uint32 {
	return uint32(distanceBases[symbol])<<16 | uint32(distanceExtras[symbol])<<8
}

var (
	lengthBases    = [29]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthExtras   = [29]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distanceBases  = [30]uint16{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	distanceExtras = [30]uint8{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13}
)

// Symbols beyond these have codes and no meaning.
const (
	mostSymbols   = 286
	mostDistances = 30
)

// invalid is the entry of bits that are no code, or the code of no meaning: a
// second table without an index, which nothing else is.
const invalid = special

// build makes a table from the lengths of the codes. It reports false when there
// is no such code.
func build(table []uint32, index int, lengths []uint8, entry func(symbol int) uint32, most int) bool {
	var count [longestCode + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	if !complete(&count) {
		return false
	}
	for i := range 1 << index {
		table[i] = invalid
	}
	var next [longestCode + 2]int
	for n := 1; n <= longestCode; n++ {
		next[n+1] = (next[n] + count[n]) << 1
	}
	free := 1 << index
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		code := int(bits.Reverse16(uint16(next[n])) >> (16 - n))
		next[n]++
		value := uint32(invalid)
		if symbol < most {
			value = entry(symbol)
		}
		if int(n) <= index {
			for i := code; i < 1<<index; i += 1 << n {
				table[i] = value | uint32(n)
			}
			continue
		}
		free = second(table, index, free, code, int(n), value, &count)
	}
	return true
}

// complete reports whether lengths make a code that uses all bits, or is the one
// code of one bit that the format allows besides, or none at all.
func complete(count *[longestCode + 1]int) bool {
	left, codes := 1, 0
	for n := 1; n <= longestCode; n++ {
		left = left<<1 - count[n]
		codes += count[n]
		if left < 0 {
			return false
		}
	}
	return left == 0 || codes == 0 || codes == 1 && count[1] == 1
}

// second enters a long code into the second table of its first bits, which it
// makes when it is not there.
func second(table []uint32, index, free, code, length int, value uint32, count *[longestCode + 1]int) int {
	first := code & (1<<index - 1)
	if table[first] == invalid {
		size := longest(count) - index
		table[first] = special | uint32(size)<<8 | uint32(free)<<16 | uint32(index)
		for i := free; i < free+1<<size; i++ {
			table[i] = invalid
		}
		free += 1 << size
	}
	size := int(table[first] >> 8 & 15)
	at := int(table[first] >> 16 & 0x7fff)
	for i := code >> index; i < 1<<size; i += 1 << (length - index) {
		table[at+i] = value | uint32(length-index)
	}
	return free
}

func longest(count *[longestCode + 1]int) int {
	for n := longestCode; n > 0; n-- {
		if count[n] > 0 {
			return n
		}
	}
	return 0
}
