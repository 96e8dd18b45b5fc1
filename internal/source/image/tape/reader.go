package tape

import (
	"archive/tar"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	blockSize = 512
	mostExtra = 1 << 20 // of a PAX header or a long name
)

// Source is a stream that can skip: Seek is only asked to go forward from where
// it is.
type Source interface {
	io.Reader
	io.Seeker
}

// Header is what is known of an entry before its content. Types are those of
// archive/tar.
type Header struct {
	Type       byte
	Name, Link string
	Mode, Size int64
}

// Reader reads an archive.
type Reader struct {
	source Source
	block  [blockSize]byte
	extra  []byte // of the PAX header or long name that was read last
	header Header
	left   int64 // of the content
	pad    int64 // behind it

	sparse     *tar.Reader  // of the content of a sparse file
	sparseLeft func() int64 // how much of it archive/tar did not read
}

// NewReader makes a reader.
func NewReader(source Source) *Reader { return &Reader{source: source} }

// ErrHeader is the error of what is no header of an entry.
var ErrHeader = errors.New("there is no tar header where one must be")

// Next goes to the next entry. The header is valid until the entry after it. The
// error is io.EOF behind the last entry.
func (r *Reader) Next() (*Header, error) {
	var said overrides
	for {
		if err := r.skipRest(); err != nil {
			return nil, err
		}
		if err := r.readBlock(); err != nil {
			return nil, err
		}
		size, err := number(r.block[124:136])
		if err != nil || size < 0 {
			return nil, fmt.Errorf("%w: the size of an entry is no number", ErrHeader)
		}
		switch kind := r.block[156]; kind {
		case tar.TypeXHeader, tar.TypeXGlobalHeader, tar.TypeGNULongName, tar.TypeGNULongLink:
			if err := r.readExtra(size); err != nil {
				return nil, err
			}
			if err := said.take(kind, r.extra); err != nil {
				return nil, err
			}
		default:
			return r.entry(size, &said)
		}
	}
}

// skipRest goes behind the content of an entry.
func (r *Reader) skipRest() error {
	if r.sparse != nil {
		r.left, r.pad, r.sparse = r.sparseLeft(), 0, nil
	}
	left, pad := r.left, r.pad
	r.left, r.pad = 0, 0
	if left > 0 {
		if _, err := r.source.Seek(left, io.SeekCurrent); err != nil {
			return early(err)
		}
	}
	if pad > 0 {
		if _, err := r.source.Seek(pad, io.SeekCurrent); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return io.EOF // as it was the end of a careless archive
		} else if err != nil {
			return err
		}
	}
	return nil
}

// early makes a cut of an end in the middle.
func early(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// readBlock reads a header, which two blocks of zeros at the end stand for.
func (r *Reader) readBlock() error {
	for zeros := 0; ; zeros++ {
		if _, err := io.ReadFull(r.source, r.block[:]); err != nil {
			return err
		}
		if r.block != [blockSize]byte{} {
			break
		}
		if zeros > 0 {
			return io.EOF
		}
	}
	return r.check()
}

// check compares the checksum, which old programs took of signed bytes.
func (r *Reader) check() error {
	want, err := number(r.block[148:156])
	if err != nil {
		return ErrHeader
	}
	var unsigned, signed int64
	for i, b := range r.block {
		if i >= 148 && i < 156 {
			b = ' '
		}
		unsigned += int64(b)
		signed += int64(int8(b))
	}
	if want != unsigned && want != signed {
		return fmt.Errorf("%w: its checksum is wrong", ErrHeader)
	}
	return nil
}

// readExtra reads the content of what describes the next entry.
func (r *Reader) readExtra(size int64) error {
	if size > mostExtra {
		return fmt.Errorf("%w: what describes an entry has %d bytes, the limit is %d", ErrHeader, size, mostExtra)
	}
	if int(size) > cap(r.extra) {
		r.extra = make([]byte, size, max(size, 4096))
	}
	r.extra = r.extra[:size]
	if _, err := io.ReadFull(r.source, r.extra); err != nil {
		return early(err)
	}
	r.pad = padding(size)
	return nil
}

func padding(size int64) int64 { return -size & (blockSize - 1) }

// entry makes the header of an entry.
func (r *Reader) entry(size int64, said *overrides) (*Header, error) {
	mode, err := number(r.block[100:108])
	if err != nil {
		return nil, fmt.Errorf("%w: the mode of an entry is no number", ErrHeader)
	}
	if said.pax.hasSize {
		size = said.pax.size
	}
	h := &r.header
	*h = Header{Type: r.block[156], Mode: mode, Size: size, Name: cmp.Or(said.name, said.pax.name), Link: cmp.Or(said.link, said.pax.link)}
	if h.Name == "" {
		h.Name = r.name()
	}
	if h.Link == "" {
		h.Link = text(r.block[157:257])
	}
	switch h.Type {
	case 0:
		h.Type = tar.TypeReg
		if strings.HasSuffix(h.Name, "/") {
			h.Type = tar.TypeDir
		}
	case tar.TypeLink, tar.TypeSymlink, tar.TypeChar, tar.TypeBlock, tar.TypeDir, tar.TypeFifo:
		size = 0 // whatever they say, nothing follows
	}
	if said.pax.sparse || h.Type == tar.TypeGNUSparse {
		return r.openSparse(size, said)
	}
	r.left, r.pad = size, padding(size)
	return h, nil
}

// name is the name in the block.
func (r *Reader) name() string {
	name := text(r.block[:100])
	if string(r.block[257:263]) != "ustar\x00" {
		return name // GNU, or older than both
	}
	prefix := r.block[345:500]
	if string(r.block[508:512]) == "tar\x00" {
		prefix = r.block[345:476] // star keeps times behind it
	}
	if p := text(prefix); p != "" {
		return p + "/" + name
	}
	return name
}

// Read reads the content of an entry.
func (r *Reader) Read(p []byte) (int, error) {
	if r.sparse != nil {
		return r.sparse.Read(p)
	}
	if r.left == 0 {
		return 0, io.EOF
	}
	n, err := r.source.Read(p[:min(int64(len(p)), r.left)])
	r.left -= int64(n)
	if r.left > 0 {
		err = early(err)
	} else if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}
