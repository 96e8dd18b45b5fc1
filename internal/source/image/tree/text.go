package tree

import "math"

const page = 1 << 16

// text is an append-only store of strings, named by where they begin.
type text struct {
	pages [][]byte
}

// fits reports whether another string can be named.
func (t *text) fits() bool { return len(t.pages) < math.MaxUint32/page-1 }

// add stores a string of up to a page.
func (t *text) add(s string) uint32 {
	last := len(t.pages) - 1
	if last < 0 || len(t.pages[last])+len(s) > page {
		size := page
		if last < 0 {
			size = 1 << 10 // most layers are small
		}
		t.pages = append(t.pages, make([]byte, 0, size))
		last++
	}
	at := uint32(last*page + len(t.pages[last]))
	t.pages[last] = append(t.pages[last], s...)
	return at
}

func (t *text) bytes(at uint32, length int) []byte {
	from := at % page
	return t.pages[at/page][from : int(from)+length]
}

func (t *text) get(at uint32, length int) string { return string(t.bytes(at, length)) }

func (t *text) is(at uint32, length uint8, s string) bool {
	return int(length) == len(s) && string(t.bytes(at, len(s))) == s
}

// addLong stores a string together with its length.
func (t *text) addLong(s string) uint32 {
	if len(s) > LongestPath {
		s = s[:LongestPath]
	}
	return t.add(string([]byte{byte(len(s)), byte(len(s) >> 8)}) + s)
}

func (t *text) long(at uint32) string {
	head := t.bytes(at, 2)
	return t.get(at+2, int(head[0])|int(head[1])<<8)
}
