package vuln

import "strings"

// Limits of what is decoded at once. They are far above what feeds hold, and
// keep a hostile file from asking for much memory.
const (
	mostInRecord   = 4 << 20           // bytes of one record
	mostAtOnce     = 16 * mostInRecord // bytes of all records of a package
	mostElements   = 1 << 20           // elements of one list of strings
	mostStructures = 1 << 14           // elements of one list of structures
)

// cursor reads one record. After a fault it is bad and every value is zero, so
// that callers ask once at the end.
//
// A string is written as a number: even for an entry of the string table, odd
// for a string of that many bytes that follows. Entry 0 is the empty string.
type cursor struct {
	db   *DB
	data string
	at   int
	bad  bool
}

// record is a cursor at an offset of a section.
func (db *DB) record(s section, offset uint64) cursor {
	data := db.sections[s]
	if offset > uint64(len(data)) {
		return cursor{db: db, bad: true}
	}
	data = data[offset:]
	if len(data) > mostInRecord {
		data = data[:mostInRecord]
	}
	return cursor{db: db, data: data}
}

// row is a cursor at element i of a table.
func (db *DB) row(table, s section, i int) cursor {
	t := db.sections[table]
	if i < 0 || 4*i+4 > len(t) {
		return cursor{db: db, bad: true}
	}
	return db.record(s, uint64(number32(t, 4*i)))
}

func (db *DB) rows(table section) int { return len(db.sections[table]) / 4 }

func (c *cursor) number() uint64 {
	var n uint64
	for shift := uint(0); shift < 64 && !c.bad && c.at < len(c.data); shift += 7 {
		b := c.data[c.at]
		c.at++
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	c.bad = true
	return 0
}

// view is a string that lies in the file; it must not outlive the DB.
func (c *cursor) view() string {
	n := c.number()
	if n&1 == 0 {
		return c.entry(n >> 1)
	}
	size := n >> 1
	if size > uint64(len(c.data)-c.at) {
		c.bad = true
		return ""
	}
	s := c.data[c.at : c.at+int(size)]
	c.at += int(size)
	return s
}

// entry is an entry of the string table.
func (c *cursor) entry(i uint64) string {
	if i == 0 || c.bad {
		return ""
	}
	table, text := c.db.sections[stringTable], c.db.sections[stringSection]
	if i >= uint64(len(table)/4) {
		c.bad = true
		return ""
	}
	from, to := number32(table, int(4*i-4)), number32(table, int(4*i))
	if from > to || uint64(to) > uint64(len(text)) || to-from > mostInRecord {
		c.bad = true
		return ""
	}
	return text[from:to]
}

// text is a string that outlives the DB.
func (c *cursor) text() string {
	s := c.view()
	if c.db.borrowed {
		return strings.Clone(s)
	}
	return s
}

// texts is a list of strings. Those that must outlive the DB are copied in one
// piece, since lists of versions are long.
func (c *cursor) texts() []string {
	n := c.count(mostElements)
	if n == 0 {
		return nil
	}
	list := make([]string, 0, min(n, 1024))
	size := 0
	for range n {
		s := c.view()
		if size += len(s); c.bad || size > mostAtOnce {
			c.bad = true
			return nil
		}
		list = append(list, s)
	}
	if c.db.borrowed {
		copyTexts(list, size)
	}
	return list
}

// copyTexts replaces strings by copies that lie together.
func copyTexts(list []string, size int) {
	var together strings.Builder
	together.Grow(size)
	for _, s := range list {
		together.WriteString(s)
	}
	rest := together.String()
	for i, s := range list {
		list[i], rest = rest[:len(s)], rest[len(s):]
	}
}

// skipTexts passes over a list of strings.
func (c *cursor) skipTexts() {
	for range c.count(mostElements) {
		if c.view(); c.bad {
			return
		}
	}
}

// count is the length of a list. Every element takes a byte at least, so a
// count above what is left is a fault.
func (c *cursor) count(most int) int {
	n := c.number()
	if n > uint64(len(c.data)-c.at) || n > uint64(most) {
		c.bad = true
		return 0
	}
	return int(n)
}

// list decodes a list of structures.
func list[T any](c *cursor, one func(*cursor) T) []T {
	n := c.count(mostStructures)
	if n == 0 {
		return nil
	}
	all := make([]T, 0, min(n, 64))
	for range n {
		all = append(all, one(c))
		if c.bad {
			return nil
		}
	}
	return all
}
