package rpm

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Kinds of pages in a table.
const (
	pageInner = 0x05
	pageLeaf  = 0x0d
)

// file is an SQLite database, by as much of its form
// (https://www.sqlite.org/fileformat2.html) as leads to the rows of a table.
type file struct {
	r        io.ReaderAt
	size     int64
	pageSize int64
	usable   int64 // of each page
	visited  map[uint32]bool
	budget   int64
}

// row is called with the values of one row, still encoded.
type row func(record []byte) error

// sqlite yields the headers of the table Packages.
func sqlite(r io.ReaderAt, size int64, yield func([]byte) error) error {
	f := file{r: r, size: size, visited: map[uint32]bool{}, budget: expanded(size)}
	if err := f.open(); err != nil {
		return err
	}
	root := uint32(0)
	err := f.table(1, 0, func(record []byte) error {
		values, err := columns(record)
		if err != nil || len(values) < 4 {
			return err
		}
		if string(values[0].data) == "table" && string(values[1].data) == "Packages" {
			root = uint32(values[3].number())
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case root == 0:
		return fmt.Errorf("%w: it has no table of packages", errDamaged)
	}
	return f.table(root, 0, func(record []byte) error {
		values, err := columns(record)
		if err != nil || len(values) < 2 {
			return err
		}
		return yield(values[1].data)
	})
}

func (f *file) open() error {
	var head [100]byte
	if _, err := f.r.ReadAt(head[:], 0); err != nil || string(head[:16]) != "SQLite format 3\x00" {
		return fmt.Errorf("%w: it does not begin as an SQLite database", errDamaged)
	}
	f.pageSize = int64(binary.BigEndian.Uint16(head[16:]))
	if f.pageSize == 1 {
		f.pageSize = 64 << 10
	}
	f.usable = f.pageSize - int64(head[20])
	if f.pageSize < 512 || f.pageSize&(f.pageSize-1) != 0 || f.usable < 480 {
		return fmt.Errorf("%w: pages of %d bytes", errDamaged, f.pageSize)
	}
	return nil
}

// deepest is the depth of a tree; a page of 512 bytes leads to so many others
// that no file is large enough for more.
const deepest = 20

func (f *file) page(number uint32) ([]byte, error) {
	if number == 0 || f.visited[number] {
		return nil, fmt.Errorf("%w: page %d is used twice", errDamaged, number)
	}
	f.visited[number] = true
	page := make([]byte, f.pageSize)
	if n, err := f.r.ReadAt(page, int64(number-1)*f.pageSize); n < len(page) {
		return nil, fmt.Errorf("%w: page %d: %w", errDamaged, number, err)
	}
	return page, nil
}

// table yields the rows below a page.
func (f *file) table(number uint32, depth int, yield row) error {
	if depth > deepest {
		return fmt.Errorf("%w: its tables are too deep", errDamaged)
	}
	page, err := f.page(number)
	if err != nil {
		return err
	}
	head := 0
	if number == 1 {
		head = 100 // the head of the file stands before
	}
	kind, count := page[head], int(binary.BigEndian.Uint16(page[head+3:]))
	index := head + 8
	if kind == pageInner {
		index += 4
	}
	if kind != pageInner && kind != pageLeaf || index+2*count > len(page) {
		return fmt.Errorf("%w: page %d is no part of a table", errDamaged, number)
	}
	for i := range count {
		cell := int(binary.BigEndian.Uint16(page[index+2*i:]))
		if int64(cell)+4 > f.usable {
			return fmt.Errorf("%w: a cell of page %d lies outside", errDamaged, number)
		}
		if kind == pageLeaf {
			err = f.leaf(page[cell:f.usable], yield)
		} else {
			err = f.table(binary.BigEndian.Uint32(page[cell:]), depth+1, yield)
		}
		if err != nil {
			return err
		}
	}
	if kind == pageInner {
		return f.table(binary.BigEndian.Uint32(page[head+8:]), depth+1, yield)
	}
	return nil
}

// leaf yields the row of a cell: its size, its number, and as much of it as
// lies in the page.
func (f *file) leaf(cell []byte, yield row) error {
	size, n := varint(cell)
	_, m := varint(cell[n:])
	cell = cell[n+m:]
	if n == 0 || m == 0 || size < 0 || size > largestHeader {
		return fmt.Errorf("%w: a row of %d bytes", errDamaged, size)
	}
	if f.budget -= size; f.budget < 0 {
		return errExpanded
	}
	here := f.local(size)
	if here > int64(len(cell)) {
		return fmt.Errorf("%w: a row leaves its page", errDamaged)
	}
	if here == size {
		return yield(cell[:here])
	}
	if here+4 > int64(len(cell)) {
		return fmt.Errorf("%w: a row leaves its page", errDamaged)
	}
	record, err := f.overflow(cell[:here], size, binary.BigEndian.Uint32(cell[here:]))
	if err != nil {
		return err
	}
	return yield(record)
}

// local is how much of a row lies in its own page.
func (f *file) local(size int64) int64 {
	most := f.usable - 35
	if size <= most {
		return size
	}
	least := (f.usable-12)*32/255 - 23
	if k := least + (size-least)%(f.usable-4); k <= most {
		return k
	}
	return least
}

func (f *file) overflow(begin []byte, size int64, number uint32) ([]byte, error) {
	record := append(make([]byte, 0, size), begin...)
	for int64(len(record)) < size {
		page, err := f.page(number)
		if err != nil {
			return nil, err
		}
		record = append(record, page[4:4+min(size-int64(len(record)), f.usable-4)]...)
		number = binary.BigEndian.Uint32(page)
	}
	return record, nil
}
