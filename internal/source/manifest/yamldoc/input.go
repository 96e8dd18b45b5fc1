package yamldoc

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// limitedReader fails, rather than ending quietly, when the stream is longer
// than allowed.
type limitedReader struct {
	in   io.Reader
	left int64
	max  int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, &problem{reason: fmt.Sprintf("larger than %s; the rest was not scanned; split the file", sizeText(l.max))}
	}
	// One byte more than allowed tells a stream that is too long from one
	// that just fits.
	n, err := l.in.Read(p[:min(int64(len(p)), l.left+1)])
	l.left -= int64(n)
	return n, err
}

var (
	markUTF8    = []byte("\xEF\xBB\xBF")
	markUTF16LE = []byte("\xFF\xFE")
	markUTF16BE = []byte("\xFE\xFF")
)

// checkText refuses streams that are no text by their first bytes, and skips
// a byte order mark.
func checkText(in *bufio.Reader) error {
	const enough = 4096
	// An error comes again, after what could be read before it.
	head, _ := in.Peek(enough)
	switch {
	case bytes.HasPrefix(head, markUTF16LE), bytes.HasPrefix(head, markUTF16BE):
		return &problem{line: 1, reason: "encoded as UTF-16; Kubernetes reads UTF-8 only; convert the file"}
	case bytes.IndexByte(head, 0) >= 0:
		return &problem{line: 1, reason: "binary data, not a manifest; if it is text, convert it to UTF-8"}
	case bytes.HasPrefix(head, markUTF8):
		_, err := in.Discard(len(markUTF8))
		return err
	}
	return nil
}
