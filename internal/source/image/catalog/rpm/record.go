package rpm

import "fmt"

// value is one value of an SQLite row.
type value struct {
	kind int64 // serial type
	data []byte
}

// mostColumns is more than any table of rpm has.
const mostColumns = 64

// columns cuts a row into its values: first stand the types of all, then the
// values one after the other.
func columns(record []byte) ([]value, error) {
	head, n := varint(record)
	if n == 0 || head < int64(n) || head > int64(len(record)) {
		return nil, fmt.Errorf("%w: a row with a head of %d bytes", errDamaged, head)
	}
	kinds, data := record[n:head], record[head:]
	var values []value
	for len(kinds) > 0 && len(values) < mostColumns {
		kind, m := varint(kinds)
		size := sizeOf(kind)
		if m == 0 || size < 0 || size > int64(len(data)) {
			return nil, fmt.Errorf("%w: a value of %d bytes in a row that has %d left", errDamaged, size, len(data))
		}
		values = append(values, value{kind, data[:size]})
		kinds, data = kinds[m:], data[size:]
	}
	return values, nil
}

// sizeOf is how many bytes a value of a type has.
func sizeOf(kind int64) int64 {
	switch {
	case kind < 0:
		return -1
	case kind <= 4:
		return kind
	case kind == 5:
		return 6
	case kind == 6 || kind == 7:
		return 8
	case kind < 12:
		return 0
	}
	return (kind - 12) / 2
}

// number reads a whole number.
func (v *value) number() int64 {
	if v.kind == 9 {
		return 1
	}
	n := int64(0)
	for _, b := range v.data[:min(len(v.data), 8)] {
		n = n<<8 | int64(b)
	}
	return n
}

// varint reads a number of up to nine bytes, and how many they are; none when
// they end too early.
func varint(b []byte) (number int64, size int) {
	for i := range min(len(b), 9) {
		if i == 8 {
			return number<<8 | int64(b[i]), 9
		}
		number = number<<7 | int64(b[i]&0x7f)
		if b[i] < 0x80 {
			return number, i + 1
		}
	}
	return 0, 0
}
