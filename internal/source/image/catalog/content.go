package catalog

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
)

// LongestLine is where a line is cut, so that a database can't claim memory
// with one endless field.
const LongestLine = 64 << 10

// Bytes reads a whole file that must not be larger than a limit.
func Bytes(f *File, most int64) ([]byte, error) {
	if f.Size > most {
		return nil, fmt.Errorf("its %d bytes are more than the limit of %d for a file of this kind: it was not read", f.Size, most)
	}
	content := make([]byte, f.Size)
	n, err := f.Content.ReadAt(content, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if int64(n) < f.Size {
		return nil, fmt.Errorf("it ends after %d of %d bytes", n, f.Size)
	}
	return content, nil
}

// Lines yields the lines of a file without their ends. A line is valid until
// the next one; one that is too long is cut. An error comes last.
func Lines(f *File) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		size := int(min(max(f.Size, 16), LongestLine))
		r := bufio.NewReaderSize(io.NewSectionReader(f.Content, 0, f.Size), size)
		for {
			line, err := r.ReadSlice('\n')
			if len(line) > 0 || err == nil {
				if !yield(trimEnd(line), nil) {
					return
				}
			}
			if errors.Is(err, bufio.ErrBufferFull) {
				err = skipLine(r)
			}
			if err == nil {
				continue
			}
			if !errors.Is(err, io.EOF) {
				yield(nil, err)
			}
			return
		}
	}
}

func skipLine(r *bufio.Reader) error {
	for {
		_, err := r.ReadSlice('\n')
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

func trimEnd(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}
