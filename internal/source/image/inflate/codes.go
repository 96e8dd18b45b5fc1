package inflate

import (
	"encoding/binary"
	"io"
)

// codes expands a block until it ends or the window is full.
func (r *Reader) codes() error {
	for r.made < window+chunk {
		if err := r.need(reach); err != nil {
			return err
		}
		made, last := r.made, r.end-r.pos < reach
		limit := r.end - reach
		if last {
			limit = r.end + padding - reach
		}
		ended, ok := r.run(limit)
		switch {
		case !r.within():
			r.made = made // some of it was made of the zeros behind the end
			return io.ErrUnexpectedEOF
		case !ok:
			return ErrCorrupt
		case ended:
			r.state = (*Reader).block
			return nil
		}
	}
	return nil
}

// reach is how much input one round of run may load.
const reach = 16

// run expands while there is room, and input before the limit. It tells whether
// the block ended, and whether the bits made sense. It holds the state in local
// variables, and looks only between symbols whether there is room and input: a
// round makes at most 260 bytes and takes at most 93 bits.
func (r *Reader) run(limit int) (ended, ok bool) { //nolint:funlen // one loop over local variables; calls would cost a third
	hold, held, pos, made := r.hold, r.held, r.pos, r.made
	in, out := r.in[:], r.out[:]
	symbols, distances := &r.symbols, &r.distances
	ok = true
loop:
	for pos <= limit && made < window+chunk {
		hold |= binary.LittleEndian.Uint64(in[pos:]) << (held & 63)
		pos += int(63-held) >> 3
		held |= 56

		// Up to three bytes of up to 15 bits, before there is need to load.
		e := symbols[hold&(1<<symbolBits-1)]
		if e&isByte != 0 {
			hold >>= e & 63
			held -= uint(e & 63)
			out[made] = byte(e >> 16)
			made++
			e = symbols[hold&(1<<symbolBits-1)]
			if e&isByte != 0 {
				hold >>= e & 63
				held -= uint(e & 63)
				out[made] = byte(e >> 16)
				made++
				e = symbols[hold&(1<<symbolBits-1)]
				if e&isByte != 0 {
					hold >>= e & 63
					held -= uint(e & 63)
					out[made] = byte(e >> 16)
					made++
					continue
				}
			}
			hold |= binary.LittleEndian.Uint64(in[pos:]) << (held & 63)
			pos += int(63-held) >> 3
			held |= 56
		}
		if e&special != 0 {
			size := e >> 8 & 15
			if e&isEnd == 0 && size == 0 {
				ok = false
				break loop
			}
			if e&isEnd == 0 {
				hold >>= symbolBits
				held -= symbolBits
				e = symbols[(e>>16&0x7fff+uint32(hold)&(1<<size-1))&(symbolSize-1)]
			}
			hold >>= e & 63
			held -= uint(e & 63)
			switch {
			case e&isByte != 0:
				out[made] = byte(e >> 16)
				made++
				continue
			case e&isEnd != 0:
				ended = true
				break loop
			case e&special != 0:
				ok = false
				break loop
			}
		} else {
			hold >>= e & 63
			held -= uint(e & 63)
		}
		extra := e >> 8 & 31
		length := int(e>>16) + int(hold&(1<<extra-1))
		hold >>= extra
		held -= uint(extra)

		e = distances[hold&(1<<distanceBits-1)]
		if e&special != 0 {
			size := e >> 8 & 15
			if size == 0 {
				ok = false
				break loop
			}
			hold >>= distanceBits
			held -= distanceBits
			e = distances[(e>>16&0x7fff+uint32(hold)&(1<<size-1))&(distanceSize-1)]
			if e&special != 0 {
				ok = false
				break loop
			}
		}
		hold >>= e & 63
		held -= uint(e & 63)
		extra = e >> 8 & 31
		distance := int(e>>16) + int(hold&(1<<extra-1))
		hold >>= extra
		held -= uint(extra)

		from := made - distance
		if from < r.lowest {
			ok = false
			break loop
		}
		made = repeat(out, made, distance, length)
	}
	r.hold, r.held, r.pos, r.made = hold, held, pos, made
	return ended, ok
}

// repeat copies what stands some way back, which may overlap with what it makes.
// It may write up to slack bytes more, which what follows overwrites.
func repeat(out []byte, made, distance, length int) int {
	from, to := made-distance, made+length
	if distance < 8 {
		for made < to {
			out[made] = out[from]
			made++
			from++
		}
		return to
	}
	for made < to {
		binary.LittleEndian.PutUint64(out[made:], binary.LittleEndian.Uint64(out[from:]))
		made += 8
		from += 8
	}
	return to
}
