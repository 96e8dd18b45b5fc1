package gobinary

import (
	"bytes"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// errNoTable says that a program does not name its functions.
var errNoTable = errors.New("it has no table of functions, as after packing")

// span is a part of a program's file.
type span struct{ offset, size int64 }

// spans are the parts that can hold the table of functions. The first is the
// one that names itself so, if there is one: a C linker puts the table among
// other data.
func spans(program io.ReaderAt) ([]span, error) {
	var head [4]byte
	if _, err := program.ReadAt(head[:], 0); err != nil {
		return nil, err
	}
	switch {
	case string(head[:]) == elf.ELFMAG:
		return elfSpans(program)
	case string(head[:2]) == "MZ":
		return peSpans(program)
	}
	return machoSpans(program)
}

func elfSpans(program io.ReaderAt) ([]span, error) {
	file, err := elf.NewFile(program)
	if err != nil {
		return nil, err
	}
	var list []span
	for _, name := range []string{".gopclntab", ".data.rel.ro.gopclntab", ".data.rel.ro"} {
		if s := file.Section(name); s != nil && s.Type != elf.SHT_NOBITS {
			list = append(list, span{int64(s.Offset), int64(s.FileSize)})
		}
	}
	for _, p := range file.Progs {
		if p.Type == elf.PT_LOAD && p.Flags&elf.PF_X == 0 {
			list = append(list, span{int64(p.Off), int64(p.Filesz)})
		}
	}
	return list, nil
}

func machoSpans(program io.ReaderAt) ([]span, error) {
	file, err := macho.NewFile(program)
	if err != nil {
		return nil, err
	}
	s := file.Section("__gopclntab")
	if s == nil {
		return nil, errNoTable
	}
	return []span{{int64(s.Offset), int64(s.Size)}}, nil
}

func peSpans(program io.ReaderAt) ([]span, error) {
	file, err := pe.NewFile(program)
	if err != nil {
		return nil, err
	}
	var list []span
	for _, s := range file.Sections {
		if s.Name == ".rdata" || s.Name == ".data" {
			list = append(list, span{int64(s.Offset), int64(s.Size)})
		}
	}
	return list, nil
}

// magics begin the table, by the release that brought its form: Go 1.20, 1.18,
// 1.16. Before, names had no table of their own.
var magics = [...]uint32{0xfffffff1, 0xfffffff0, 0xfffffffa}

// mostNames bounds the names of one program; the largest known have 8 MB.
const mostNames = 256 << 20

// nameTable reads the part of the table that holds names, each with a zero
// behind it.
func nameTable(program io.ReaderAt) ([]byte, error) {
	list, err := spans(program)
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		for offset := range tableHeads(program, s) {
			if names, err := namesAt(program, s, offset); err == nil {
				return names, nil
			}
		}
	}
	return nil, errNoTable
}

// tableHeads yields where the table may begin: at its magic number, on the
// boundary of a word.
func tableHeads(program io.ReaderAt, s span) func(yield func(int64) bool) {
	const part = 1 << 20
	return func(yield func(int64) bool) {
		buffer := make([]byte, min(max(s.size, 0), part)+8)
		for at := int64(0); at < s.size; at += part {
			n, _ := program.ReadAt(buffer[:min(int64(len(buffer)), s.size-at)], s.offset+at) // a short part is searched as it is
			if n == 0 {
				return
			}
			for i := range heads(buffer[:n]) {
				if i < part && !yield(at+int64(i)) {
					return
				}
			}
		}
	}
}

// heads yields the places in a buffer where the fixed beginning of a table
// stands: magic, two zeros, size of an instruction, size of a pointer.
func heads(buffer []byte) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; ; i++ {
			next := bytes.Index(buffer[i:], []byte{0xff, 0xff, 0xff})
			if next < 0 || i+next+7 > len(buffer) {
				return
			}
			i += next
			if start := i - 1; start >= 0 && start%4 == 0 && beginsTable(buffer[start:], binary.LittleEndian) && !yield(start) {
				return
			}
			if i%4 == 0 && beginsTable(buffer[i:], binary.BigEndian) && !yield(i) {
				return
			}
		}
	}
}

func beginsTable(b []byte, order binary.ByteOrder) bool {
	if len(b) < 8 || b[4] != 0 || b[5] != 0 || b[6] != 1 && b[6] != 2 && b[6] != 4 || b[7] != 4 && b[7] != 8 {
		return false
	}
	for _, m := range magics {
		if order.Uint32(b) == m {
			return true
		}
	}
	return false
}

// namesAt reads the names of a table that begins at an offset of a span.
func namesAt(program io.ReaderAt, s span, offset int64) ([]byte, error) {
	var head [8 + 9*8]byte
	n, err := program.ReadAt(head[:], s.offset+offset)
	if n < len(head) && err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	from, to, ok := nameBounds(head[:n])
	if !ok || from >= to || to > s.size-offset || to-from > mostNames {
		return nil, fmt.Errorf("its table of functions is damaged: names from %d to %d", from, to)
	}
	if n, err := program.ReadAt(head[:1], s.offset+offset+to-1); n == 0 {
		return nil, err // so that a claim of many names costs nothing
	}
	names := make([]byte, to-from)
	if n, err := program.ReadAt(names, s.offset+offset+from); n < len(names) {
		return nil, err
	}
	return names, nil
}

// nameBounds reads where the names begin and where what follows them does.
func nameBounds(head []byte) (from, to int64, ok bool) {
	order, word := binary.ByteOrder(binary.LittleEndian), int(head[7])
	if head[0] == 0xff {
		order = binary.BigEndian
	}
	index := 3 // after the counts of functions and files, and the address of the code
	if order.Uint32(head) == 0xfffffffa {
		index = 2 // Go 1.16 did not have the address
	}
	at := func(i int) int64 {
		b := head[8+i*word:]
		if word == 4 {
			return int64(order.Uint32(b))
		}
		return int64(order.Uint64(b))
	}
	if len(head) < 8+(index+2)*word {
		return 0, 0, false
	}
	from, to = at(index), at(index+1)
	return from, to, from > 0 && to > 0
}
