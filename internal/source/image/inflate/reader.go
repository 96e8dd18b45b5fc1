package inflate

import (
	"encoding/binary"
	"errors"
	"io"
)

const (
	window  = 32 << 10
	chunk   = 128 << 10 // how much is expanded between two moves of the window
	copied  = 258       // bytes that one copy makes at most
	slack   = 16        // bytes behind a copy that may be written early
	input   = 64 << 10
	padding = 64 // zeros behind the input, so that loads need no care
)

// ErrCorrupt is the error of bytes that are not gzip.
var ErrCorrupt = errors.New("it is damaged: its bytes are not what gzip writes")

// Reader expands a stream of gzip members.
type Reader struct {
	source io.Reader
	ended  bool // the source has no more

	in       [input + padding]byte
	pos, end int // of the input that is left
	hold     uint64
	held     uint // bits

	out       [window + chunk + copied + slack]byte
	made      int // end of what is expanded
	lowest    int // where what the member expanded begins
	delivered int

	state  func(*Reader) error
	last   bool // block of its member
	stored int  // bytes left of a stored block
	err    error

	symbols   [symbolSize]uint32
	distances [distanceSize]uint32
	fixed     bool // the tables are those of the fixed codes
}

// NewReader makes a reader.
func NewReader(source io.Reader) *Reader {
	r := &Reader{source: source, state: (*Reader).member}
	r.made, r.delivered = window, window
	return r
}

// Read expands.
func (r *Reader) Read(p []byte) (int, error) {
	for r.delivered == r.made {
		if r.err != nil {
			return 0, r.err
		}
		r.fill()
	}
	n := copy(p, r.out[r.delivered:r.made])
	r.delivered += n
	return n, nil
}

// fill expands until there is something to deliver, or an error.
func (r *Reader) fill() {
	if r.made >= window+chunk {
		copy(r.out[:window], r.out[r.made-window:r.made])
		r.lowest = max(0, r.lowest-(r.made-window))
		r.made, r.delivered = window, window
	}
	for r.err == nil && r.made < window+chunk {
		r.err = r.state(r)
	}
}

// need makes n bytes of input available, if there are as many. It moves what is
// left to the front; n is small.
func (r *Reader) need(n int) error {
	for r.end-r.pos < n && !r.ended {
		before := min(r.pos, 8) // held bits may be given back
		copy(r.in[:], r.in[r.pos-before:r.end])
		r.pos, r.end = before, r.end-r.pos+before
		more, err := r.source.Read(r.in[r.end:input])
		r.end += more
		if errors.Is(err, io.EOF) {
			r.ended = true
		} else if err != nil {
			return err
		}
		clear(r.in[r.end : r.end+padding])
	}
	return nil
}

// load tops up the bits that are held to at least 56.
func (r *Reader) load() error {
	if r.end-r.pos < 8 {
		if err := r.need(8); err != nil {
			return err
		}
		if r.pos > r.end+padding-8 {
			return io.ErrUnexpectedEOF
		}
	}
	r.hold |= binary.LittleEndian.Uint64(r.in[r.pos:]) << (r.held & 63)
	r.pos += int(63-r.held) >> 3
	r.held |= 56
	return nil
}

// take consumes bits that are held.
func (r *Reader) take(n uint) uint {
	v := uint(r.hold) & (1<<n - 1)
	r.hold >>= n
	r.held -= n
	return v
}

// align gives back the whole bytes that are held. It fails when more was taken
// than there was.
func (r *Reader) align() error {
	r.pos -= int(r.held >> 3)
	r.hold, r.held = 0, 0
	if r.pos > r.end {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// within reports whether no more was taken than there was.
func (r *Reader) within() bool { return r.pos-int(r.held>>3) <= r.end }

// bytes takes n whole bytes of input; n is small. The bits must be aligned.
func (r *Reader) bytes(n int) ([]byte, error) {
	if err := r.need(n); err != nil {
		return nil, err
	}
	if r.end-r.pos < n {
		return nil, io.ErrUnexpectedEOF
	}
	r.pos += n
	return r.in[r.pos-n : r.pos], nil
}

// The flags of a member.
const (
	hasSum     = 1 << 1
	hasExtra   = 1 << 2
	hasName    = 1 << 3
	hasComment = 1 << 4
)

// member reads the header of a member, or finds that there is none left.
func (r *Reader) member() error {
	if err := r.need(1); err != nil {
		return err
	}
	if r.pos == r.end {
		return io.EOF
	}
	head, err := r.bytes(10)
	if err != nil {
		return err
	}
	if head[0] != 0x1f || head[1] != 0x8b || head[2] != 8 {
		return ErrCorrupt
	}
	flags := head[3]
	if flags&hasExtra != 0 {
		size, err := r.bytes(2)
		if err != nil {
			return err
		}
		if err := r.skip(int(binary.LittleEndian.Uint16(size))); err != nil {
			return err
		}
	}
	for _, flag := range []byte{hasName, hasComment} {
		if flags&flag != 0 {
			if err := r.skipText(); err != nil {
				return err
			}
		}
	}
	if flags&hasSum != 0 {
		if err := r.skip(2); err != nil {
			return err
		}
	}
	r.lowest = r.made
	r.state = (*Reader).block
	return nil
}

func (r *Reader) skip(n int) error {
	for ; n > 0; n-- {
		if _, err := r.bytes(1); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) skipText() error {
	for {
		b, err := r.bytes(1)
		if err != nil || b[0] == 0 {
			return err
		}
	}
}

// trailer skips the checksum and the size: see the package comment.
func (r *Reader) trailer() error {
	if err := r.align(); err != nil {
		return err
	}
	if err := r.skip(8); err != nil {
		return err
	}
	r.state = (*Reader).member
	return nil
}
