package generate

import "strconv"

// dice are random numbers by SplitMix64. The standard library promises no fixed
// sequence across releases for choices such as "one of n"; a reference that is
// kept for years needs one.
type dice uint64

// diceFor gives an independent sequence for each pair of seed and index.
func diceFor(seed, index uint64) dice {
	d := dice(seed)
	d = dice(d.next() ^ (index+1)*0x9e3779b97f4a7c15)
	return dice(d.next())
}

func (d *dice) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number from 0 to n-1; n must be positive.
func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

// between is a number from low to high, both included.
func (d *dice) between(low, high int) int { return low + d.below(high-low+1) }

// fraction is a number from 0 to just below 1.
func (d *dice) fraction() float64 { return float64(d.next()>>11) / (1 << 53) }

// chance is true with the given probability.
func (d *dice) chance(probability float64) bool { return d.fraction() < probability }

// hex is a lower-case hexadecimal string.
func (d *dice) hex(length int) string {
	const digits = "0123456789abcdef"
	text := make([]byte, length)
	for i := range text {
		text[i] = digits[d.below(16)]
	}
	return string(text)
}

// uuid has the form of the ids that an API server gives.
func (d *dice) uuid() string {
	return d.hex(8) + "-" + d.hex(4) + "-4" + d.hex(3) + "-a" + d.hex(3) + "-" + d.hex(12)
}

// version is a plausible release number.
func (d *dice) version() string {
	return strconv.Itoa(d.between(0, 9)) + "." + strconv.Itoa(d.below(30)) + "." + strconv.Itoa(d.below(12))
}

// oneOf picks an element; items must not be empty.
func oneOf[T any](d *dice, items []T) T { return items[d.below(len(items))] }

// ring keeps the last few things, so that later objects can refer to earlier
// ones in constant memory.
type ring[T any] struct {
	items [64]T
	count int
}

func (r *ring[T]) add(item T) {
	r.items[r.count%len(r.items)] = item
	r.count++
}

// pick is one of the things kept, false while there are none.
func (r *ring[T]) pick(d *dice) (item T, ok bool) {
	kept := min(r.count, len(r.items))
	if kept == 0 {
		return item, false
	}
	return r.items[d.below(kept)], true
}
