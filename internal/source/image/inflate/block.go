package inflate

import (
	"encoding/binary"
	"io"
)

// block reads the header of a block.
func (r *Reader) block() error {
	if r.last {
		r.last = false
		return r.trailer()
	}
	if err := r.load(); err != nil {
		return err
	}
	r.last = r.take(1) == 1
	switch r.take(2) {
	case 0:
		return r.storedHeader()
	case 1:
		r.fixedTables()
		r.state = (*Reader).codes
		return nil
	case 2:
		if err := r.dynamicTables(); err != nil {
			return err
		}
		r.state = (*Reader).codes
		return nil
	}
	return r.corrupt()
}

// corrupt is the error of bits that mean nothing: they may be zeros behind an
// input that was cut.
func (r *Reader) corrupt() error {
	if !r.within() {
		return io.ErrUnexpectedEOF
	}
	return ErrCorrupt
}

func (r *Reader) storedHeader() error {
	if err := r.align(); err != nil {
		return err
	}
	head, err := r.bytes(4)
	if err != nil {
		return err
	}
	size := binary.LittleEndian.Uint16(head)
	if size != ^binary.LittleEndian.Uint16(head[2:]) {
		return ErrCorrupt
	}
	r.stored = int(size)
	r.state = (*Reader).copyStored
	return nil
}

func (r *Reader) copyStored() error {
	for r.stored > 0 {
		room := window + chunk - r.made
		if room <= 0 {
			return nil
		}
		if err := r.need(1); err != nil {
			return err
		}
		if r.pos == r.end {
			return io.ErrUnexpectedEOF
		}
		n := copy(r.out[r.made:r.made+min(room, r.stored)], r.in[r.pos:r.end])
		r.made, r.pos, r.stored = r.made+n, r.pos+n, r.stored-n
	}
	r.state = (*Reader).block
	return nil
}

func (r *Reader) fixedTables() {
	if r.fixed {
		return
	}
	var lengths [288]uint8
	for i := range lengths {
		switch {
		case i < 144:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		case i < 280:
			lengths[i] = 7
		default:
			lengths[i] = 8
		}
	}
	build(r.symbols[:], symbolBits, lengths[:], symbolEntry, mostSymbols)
	var distances [32]uint8
	for i := range distances {
		distances[i] = 5
	}
	build(r.distances[:], distanceBits, distances[:], distanceEntry, mostDistances)
	r.fixed = true
}

// lengthOrder is the order in which the lengths of the codes of lengths come.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamicTables reads the codes of a block.
func (r *Reader) dynamicTables() error {
	r.fixed = false
	symbols, distances, coded := int(r.take(5))+257, int(r.take(5))+1, int(r.take(4))+4
	if symbols > mostSymbols || distances > mostDistances {
		return r.corrupt()
	}
	var code [19]uint8
	for _, i := range lengthOrder[:coded] {
		if err := r.load(); err != nil {
			return err
		}
		code[i] = uint8(r.take(3))
	}
	// The table of lengths is small enough to borrow the place of the distances.
	if !build(r.distances[:], distanceBits, code[:], func(symbol int) uint32 { return isByte | uint32(symbol)<<16 }, len(code)) {
		return r.corrupt()
	}
	var lengths [mostSymbols + mostDistances]uint8
	if err := r.codeLengths(lengths[:symbols+distances]); err != nil {
		return err
	}
	if !build(r.symbols[:], symbolBits, lengths[:symbols], symbolEntry, mostSymbols) ||
		!build(r.distances[:], distanceBits, lengths[symbols:symbols+distances], distanceEntry, mostDistances) {
		return r.corrupt()
	}
	return nil
}

// codeLengths reads the lengths of the codes, which are coded themselves.
func (r *Reader) codeLengths(lengths []uint8) error {
	for i := 0; i < len(lengths); {
		if err := r.load(); err != nil {
			return err
		}
		e := r.distances[r.hold&(1<<distanceBits-1)]
		if e&isByte == 0 {
			return r.corrupt()
		}
		r.take(uint(e & 0xff))
		symbol := uint8(e >> 16)
		if symbol < 16 {
			lengths[i] = symbol
			i++
			continue
		}
		var value uint8
		var times int
		switch symbol {
		case 16:
			if i == 0 {
				return r.corrupt()
			}
			value, times = lengths[i-1], 3+int(r.take(2))
		case 17:
			times = 3 + int(r.take(3))
		default:
			times = 11 + int(r.take(7))
		}
		if times > len(lengths)-i {
			return r.corrupt()
		}
		for range times {
			lengths[i] = value
			i++
		}
	}
	return nil
}
