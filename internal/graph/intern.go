package graph

import "hash/maphash"

// stringTable finds strings that a document builder has stored already. It is
// an open hash table of places in the builder's text, so that it holds no
// string of its own and is emptied by counting up a mark.
type stringTable struct {
	seed    maphash.Seed
	entries []tableEntry
	used    int
	mark    uint32
}

type tableEntry struct {
	offset, length uint32
	hash           uint32
	mark           uint32 // the entry is in use when this is the mark of the table
}

// find is the place of a string in the builder's text, stored if need be.
func (t *stringTable) find(b *DocumentBuilder, s string) uint32 {
	if 2*t.used >= len(t.entries) {
		t.grow()
	}
	hash := uint32(maphash.String(t.seed, s))
	for i := t.slot(hash); ; i = (i + 1) & (len(t.entries) - 1) {
		e := &t.entries[i]
		switch {
		case e.mark != t.mark:
			*e = tableEntry{b.store(s), uint32(len(s)), hash, t.mark}
			t.used++
			return e.offset
		case e.hash == hash && string(b.text[e.offset:e.offset+e.length]) == s:
			return e.offset
		}
	}
}

func (t *stringTable) slot(hash uint32) int { return int(hash) & (len(t.entries) - 1) }

func (t *stringTable) grow() {
	old, mark := t.entries, t.mark
	if old == nil {
		t.seed = maphash.MakeSeed()
	}
	t.entries, t.mark = make([]tableEntry, max(128, 2*len(old))), 1
	for _, e := range old {
		if e.mark != mark {
			continue
		}
		i := t.slot(e.hash)
		for t.entries[i].mark == t.mark {
			i = (i + 1) & (len(t.entries) - 1)
		}
		e.mark = t.mark
		t.entries[i] = e
	}
}

// reset forgets all strings. A table that one huge document made large is let
// go of.
func (t *stringTable) reset() {
	const large = 1 << 16
	t.used = 0
	if t.mark++; t.mark == 0 || len(t.entries) > large {
		t.entries, t.mark = nil, 0
	}
}
