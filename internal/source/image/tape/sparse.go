package tape

import (
	"archive/tar"
	"bytes"
	"io"
)

// openSparse gives a sparse file to archive/tar: the headers once more, and
// behind them the stream, of which it reads no more than it must.
func (r *Reader) openSparse(size int64, said *overrides) (*Header, error) {
	headers := r.block[:]
	if said.pax.raw != nil {
		headers = paxBlocks(said.pax.raw)
		headers = append(headers, r.block[:]...)
	}
	stream := &counted{source: r.source}
	reader := tar.NewReader(io.MultiReader(bytes.NewReader(bytes.Clone(headers)), stream))
	h, err := reader.Next()
	if err != nil {
		return nil, early(err)
	}
	end := size + padding(size)
	if r.header.Type == tar.TypeGNUSparse {
		end += stream.read // the rest of the map stands before the content
	}
	r.header.Type, r.header.Size = tar.TypeReg, h.Size
	if said.name == "" {
		r.header.Name = h.Name
	}
	r.sparse = reader
	r.sparseLeft = func() int64 { return max(end-stream.read, 0) }
	return &r.header, nil
}

// paxBlocks writes a PAX header anew.
func paxBlocks(content []byte) []byte {
	var block [blockSize]byte
	copy(block[:], "pax")
	copy(block[100:], "0000644\x00")
	copy(block[124:], octal(int64(len(content)), 11))
	block[156] = tar.TypeXHeader
	copy(block[257:], "ustar\x0000")
	copy(block[148:], "        ")
	var sum int64
	for _, b := range block {
		sum += int64(b)
	}
	copy(block[148:], octal(sum, 6)+"\x00 ")
	out := append(block[:], content...)
	return append(out, make([]byte, padding(int64(len(content))))...)
}

func octal(n int64, width int) string {
	digits := make([]byte, width)
	for i := width - 1; i >= 0; i-- {
		digits[i] = '0' + byte(n&7)
		n >>= 3
	}
	return string(digits)
}

// counted is a stream of which it is known how much was read.
type counted struct {
	source io.Reader
	read   int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.source.Read(p)
	c.read += int64(n)
	return n, err
}
