package rpm

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Types of pages and of entries in a Berkeley DB.
const (
	pageHashUnsorted = 2
	pageOverflow     = 7
	pageHash         = 13
	entryPlain       = 1
	entryElsewhere   = 3
	pageHead         = 26
)

// hash is a Berkeley DB of the kind hash, in which entries alternate between
// keys and values.
type hash struct {
	r        io.ReaderAt
	order    binary.ByteOrder
	pageSize int64
	last     uint32
	budget   int64
	yield    func([]byte) error
}

// berkeley yields the headers of a Berkeley DB.
func berkeley(r io.ReaderAt, size int64, yield func([]byte) error) error {
	var meta [36]byte
	if _, err := r.ReadAt(meta[:], 0); err != nil {
		return fmt.Errorf("%w: it ends before its head does", errDamaged)
	}
	const magic = 0x061561
	h := hash{r: r, order: binary.LittleEndian, budget: expanded(size), yield: yield}
	if binary.BigEndian.Uint32(meta[12:]) == magic {
		h.order = binary.BigEndian
	}
	h.pageSize, h.last = int64(h.order.Uint32(meta[20:])), h.order.Uint32(meta[32:])
	switch {
	case h.order.Uint32(meta[12:]) != magic:
		return fmt.Errorf("%w: it does not begin as a Berkeley DB of hashes", errDamaged)
	case meta[24] != 0:
		return fmt.Errorf("it is encrypted")
	case h.pageSize < 512 || h.pageSize > 64<<10 || int64(h.last)*h.pageSize > size:
		return fmt.Errorf("%w: %d pages of %d bytes do not fit in %d", errDamaged, h.last, h.pageSize, size)
	}
	page := make([]byte, h.pageSize)
	for number := uint32(1); number <= h.last; number++ {
		if err := h.page(page, number); err != nil {
			return err
		}
		if kind := page[25]; kind != pageHash && kind != pageHashUnsorted {
			continue
		}
		if err := h.entries(page); err != nil {
			return err
		}
	}
	return nil
}

func (h *hash) page(into []byte, number uint32) error {
	if n, err := h.r.ReadAt(into, int64(number)*h.pageSize); n < len(into) {
		return fmt.Errorf("%w: page %d: %w", errDamaged, number, err)
	}
	return nil
}

// entries yields the values of a page. They lie from the end to the front, in
// the order of the index.
func (h *hash) entries(page []byte) error {
	count := int(h.order.Uint16(page[20:]))
	if pageHead+2*count > len(page) {
		return fmt.Errorf("%w: a page claims %d entries", errDamaged, count)
	}
	at := func(i int) int { return int(h.order.Uint16(page[pageHead+2*i:])) }
	for i := 1; i < count; i += 2 {
		from, to := at(i), at(i-1)
		if from >= to || to > len(page) {
			return fmt.Errorf("%w: the entries of a page overlap", errDamaged)
		}
		if err := h.value(page[from:to]); err != nil {
			return err
		}
	}
	return nil
}

func (h *hash) value(entry []byte) error {
	const smallest = 16 // the counter of packages is filed among them, and is shorter
	switch {
	case entry[0] == entryPlain && len(entry) > smallest:
		if h.budget -= int64(len(entry)); h.budget < 0 {
			return errExpanded
		}
		return h.yield(entry[1:])
	case entry[0] == entryElsewhere && len(entry) >= 12:
		content, err := h.overflow(h.order.Uint32(entry[4:]), int64(h.order.Uint32(entry[8:])))
		if err != nil {
			return err
		}
		return h.yield(content)
	}
	return nil
}

// overflow collects a value that fills pages of its own.
func (h *hash) overflow(number uint32, size int64) ([]byte, error) {
	if h.budget -= size; h.budget < 0 || size > largestHeader {
		return nil, errExpanded
	}
	content := make([]byte, 0, size)
	page := make([]byte, h.pageSize)
	for int64(len(content)) < size {
		if number == 0 || number > h.last {
			return nil, fmt.Errorf("%w: a package ends before its size", errDamaged)
		}
		if err := h.page(page, number); err != nil {
			return nil, err
		}
		used := int(h.order.Uint16(page[22:]))
		if page[25] != pageOverflow || used == 0 || pageHead+used > len(page) {
			return nil, fmt.Errorf("%w: page %d does not continue a package", errDamaged, number)
		}
		content = append(content, page[pageHead:pageHead+used]...)
		number = h.order.Uint32(page[16:])
	}
	return content[:size], nil
}
