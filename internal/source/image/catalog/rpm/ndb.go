package rpm

import (
	"encoding/binary"
	"fmt"
	"io"
)

// ndb yields the headers of rpm's own format: pages of slots, each of which
// says where a package lies, in blocks.
func ndb(r io.ReaderAt, size int64, yield func([]byte) error) error {
	const (
		head, pageSize, slotSize, block = 32, 4096, 16, 16
		magicHead, magicSlot            = "RpmP", "Slot"
	)
	var start [head]byte
	if _, err := r.ReadAt(start[:], 0); err != nil || string(start[:4]) != magicHead {
		return fmt.Errorf("%w: it does not begin as an ndb database", errDamaged)
	}
	slots := int64(binary.LittleEndian.Uint32(start[12:])) * pageSize
	if slots > size {
		return fmt.Errorf("%w: it claims more slots than it has bytes", errDamaged)
	}
	var slot [slotSize]byte
	budget := expanded(size)
	for at := int64(head); at+slotSize <= slots; at += slotSize {
		if _, err := r.ReadAt(slot[:], at); err != nil {
			return err
		}
		number, offset := binary.LittleEndian.Uint32(slot[4:]), int64(binary.LittleEndian.Uint32(slot[8:]))
		if string(slot[:4]) != magicSlot {
			return fmt.Errorf("%w: a slot without its mark", errDamaged)
		}
		if number == 0 {
			continue
		}
		content, err := ndbBlob(r, offset*block, size, number)
		if err != nil {
			return err
		}
		if budget -= int64(len(content)); budget < 0 {
			return errExpanded
		}
		if err := yield(content); err != nil {
			return err
		}
	}
	return nil
}

// ndbBlob reads the header of a package, behind a head that repeats its number.
func ndbBlob(r io.ReaderAt, at, size int64, number uint32) ([]byte, error) {
	const head = 16
	var start [head]byte
	if _, err := r.ReadAt(start[:], at); err != nil {
		return nil, fmt.Errorf("%w: a slot points behind the end", errDamaged)
	}
	length := int64(binary.LittleEndian.Uint32(start[12:]))
	if string(start[:4]) != "BlbS" || binary.LittleEndian.Uint32(start[4:]) != number || length > largestHeader || at+head+length > size {
		return nil, fmt.Errorf("%w: a slot points to what is no package", errDamaged)
	}
	content := make([]byte, length)
	_, err := r.ReadAt(content, at+head)
	return content, err
}
