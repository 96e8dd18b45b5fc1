package java

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The directory of an archive is read here and not by archive/zip, which keeps
// an object for every class: a hostile archive has millions of entries.

// entry is a file in an archive.
type entry struct {
	name         string
	method       uint16
	packed, size int64
	offset       int64 // of the head that stands before the content
}

// Limits of one archive.
const (
	mostEntries  = 2_000_000
	mostWanted   = 50_000
	longestName  = 1024
	endSize      = 22
	entrySize    = 46
	headSize     = 30
	mostComment  = 1<<16 - 1
	methodStored = 0
	methodPacked = 8
)

var errArchive = errors.New("it is no archive, or a damaged one")

// directory finds the wanted entries of an archive, and takes the bytes of its
// directory from what may still be read.
func directory(r io.ReaderAt, size int64, left *int64, want func(name []byte) bool) ([]entry, error) {
	start, end, shift, err := directoryAt(r, size)
	if err != nil {
		return nil, err
	}
	if *left -= end - start; *left < 0 {
		return nil, errExpanded
	}
	d := directoryReader{window: window{r: r, at: start, end: end}, shift: shift}
	var list []entry
	for range mostEntries {
		e, more, err := d.next(want)
		if err != nil || !more {
			return list, err
		}
		if e.name != "" {
			if list = append(list, e); len(list) > mostWanted {
				break
			}
		}
	}
	return list, fmt.Errorf("it holds too many files: the rest was not looked at")
}

// directoryAt is where the directory lies, and by how much all offsets are off:
// programs that unpack themselves stand before their archive.
func directoryAt(r io.ReaderAt, size int64) (start, end, shift int64, err error) {
	tail := make([]byte, min(size, endSize+mostComment))
	if n, err := r.ReadAt(tail, size-int64(len(tail))); n < len(tail) {
		return 0, 0, 0, errors.Join(errArchive, err)
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || at+endSize > len(tail) {
		return 0, 0, 0, errArchive
	}
	mark := tail[at:]
	length, offset := int64(binary.LittleEndian.Uint32(mark[12:])), int64(binary.LittleEndian.Uint32(mark[16:]))
	end = size - int64(len(tail)) + int64(at)
	if offset == 1<<32-1 || length == 1<<32-1 {
		if length, offset, end, err = largeDirectory(r, end); err != nil {
			return 0, 0, 0, err
		}
	}
	start = end - length
	if length < 0 || start < 0 || offset < 0 || start < offset {
		return 0, 0, 0, errArchive
	}
	return start, end, start - offset, nil
}

// largeDirectory reads where the directory of an archive of more than 4 GB lies.
func largeDirectory(r io.ReaderAt, end int64) (length, offset, at int64, err error) {
	var locator [20]byte
	var mark [56]byte
	if _, err := r.ReadAt(locator[:], end-20); err != nil || string(locator[:4]) != "PK\x06\x07" {
		return 0, 0, 0, errArchive
	}
	at = int64(binary.LittleEndian.Uint64(locator[8:]))
	if _, err := r.ReadAt(mark[:], at); err != nil || string(mark[:4]) != "PK\x06\x06" {
		return 0, 0, 0, errArchive
	}
	return int64(binary.LittleEndian.Uint64(mark[40:])), int64(binary.LittleEndian.Uint64(mark[48:])), at, nil
}

// window is a buffer that moves over a part of a file.
type window struct {
	r       io.ReaderAt
	at, end int64
	buffer  []byte
}

// next returns the next bytes, which are valid until it is called again.
func (w *window) next(n int) ([]byte, error) {
	if n > len(w.buffer) {
		fresh := make([]byte, min(max(int64(n), 64<<10), max(w.end-w.at, 0)))
		read, err := w.r.ReadAt(fresh, w.at)
		if read < n {
			return nil, errors.Join(errArchive, err)
		}
		w.buffer = fresh[:read]
	}
	out := w.buffer[:n]
	w.buffer = w.buffer[n:]
	w.at += int64(n)
	return out, nil
}

type directoryReader struct {
	window
	shift int64
}

// next reads one entry; it has a name only when it is wanted.
func (d *directoryReader) next(want func([]byte) bool) (e entry, more bool, err error) {
	if d.at+entrySize > d.end {
		return entry{}, false, nil
	}
	head, err := d.window.next(entrySize)
	if err != nil || string(head[:4]) != "PK\x01\x02" {
		return entry{}, false, errors.Join(errArchive, err)
	}
	e.method = binary.LittleEndian.Uint16(head[10:])
	e.packed, e.size = int64(binary.LittleEndian.Uint32(head[20:])), int64(binary.LittleEndian.Uint32(head[24:]))
	e.offset = int64(binary.LittleEndian.Uint32(head[42:])) + d.shift
	nameSize := int(binary.LittleEndian.Uint16(head[28:]))
	rest := int(binary.LittleEndian.Uint16(head[30:])) + int(binary.LittleEndian.Uint16(head[32:]))
	name, err := d.window.next(nameSize)
	if err != nil {
		return entry{}, false, err
	}
	if len(name) <= longestName && want(name) {
		e.name = string(name)
	}
	_, err = d.window.next(rest)
	return e, err == nil, err
}

// content opens an entry. What is stored as it is can be read at any place.
func (e *entry) content(r io.ReaderAt) (io.Reader, *io.SectionReader, error) {
	var head [headSize]byte
	if _, err := r.ReadAt(head[:], e.offset); err != nil || string(head[:4]) != "PK\x03\x04" {
		return nil, nil, errArchive
	}
	start := e.offset + headSize + int64(binary.LittleEndian.Uint16(head[26:])) + int64(binary.LittleEndian.Uint16(head[28:]))
	packed := io.NewSectionReader(r, start, e.packed)
	switch e.method {
	case methodStored:
		return packed, packed, nil
	case methodPacked:
		return flate.NewReader(packed), nil, nil
	}
	return nil, nil, fmt.Errorf("%s is packed by a method that is not known here (%d)", e.name, e.method)
}

// bytes reads an entry whole, up to a limit.
func (e *entry) bytes(r io.ReaderAt, most int64) ([]byte, error) {
	if e.size > most {
		return nil, fmt.Errorf("%s has %d bytes, more than the limit of %d: it was not looked at", e.name, e.size, most)
	}
	reader, _, err := e.content(r)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(reader, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.name, err)
	}
	if int64(len(content)) > most {
		return nil, fmt.Errorf("%s has more than the limit of %d bytes: it was not looked at", e.name, most)
	}
	return content, nil
}
