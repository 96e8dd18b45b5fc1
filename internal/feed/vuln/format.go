package vuln

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// The file is a header and then the sections, one after the other. Numbers of
// fixed size are little-endian. Every list that is searched is sorted and has a
// table of 32-bit offsets; what the offsets point to is made of varints and
// references to strings (see cursor).
const (
	// Magic is what a database file begins with.
	Magic = "foilvuln"
	// formatVersion goes up when an older foil could no longer read the file.
	formatVersion = 1

	// The header: magic, version, number of sections, the extents of the
	// sections, the checksum of everything behind the header, and the checksum
	// of the header up to here.
	fixedSize  = len(Magic) + 4 + 4
	headerSize = fixedSize + 16*int(sectionCount) + 2*sha256.Size
)

// section is a part of the file.
type section int

const (
	stampSection       section = iota // JSON: a list of Stamp
	stringTable                       // offsets of strings
	stringSection                     // the bytes of strings that are used more than once
	advisoryTable                     // offsets of advisories, by ID and feed
	advisorySection                   // what an advisory says of all packages
	packageSection                    // what an advisory says of one package
	nameTable                         // offsets of names, by ecosystem and name
	nameSection                       // a package, and the advisories that name it
	idTable                           // offsets of identifiers, in order
	idSection                         // an identifier, its other names, and the advisories that pass it on
	exploitedTable                    // offsets of entries of the catalogue of exploited flaws
	exploitedSection                  // the entries
	probabilitySection                // rows of fixed size, by CVE
	sectionCount
)

// ErrDamaged is the reason when a file is not a database, or not a whole one.
var ErrDamaged = errors.New("the file is not a whole vulnerability database")

// encodeHeader is the header of a file with the given sections.
func encodeHeader(sections *[sectionCount][]byte) []byte {
	h := make([]byte, 0, headerSize)
	h = append(h, Magic...)
	h = binary.LittleEndian.AppendUint32(h, formatVersion)
	h = binary.LittleEndian.AppendUint32(h, uint32(sectionCount))
	at, body := uint64(headerSize), sha256.New()
	for _, s := range sections {
		h = binary.LittleEndian.AppendUint64(h, at)
		h = binary.LittleEndian.AppendUint64(h, uint64(len(s)))
		at += uint64(len(s))
		body.Write(s)
	}
	h = body.Sum(h)
	sum := sha256.Sum256(h)
	return append(h, sum[:]...)
}

// decodeHeader finds the sections of a file and reads none of them.
func decodeHeader(data string) (sections [sectionCount]string, err error) {
	if len(data) < len(Magic)+4 || data[:len(Magic)] != Magic {
		return sections, fmt.Errorf("%w: it does not begin as one does", ErrDamaged)
	}
	if v := number32(data, len(Magic)); v != formatVersion {
		return sections, fmt.Errorf("%w: it has form %d, and this foil reads form %d: run foil db update, or use a newer foil", ErrDamaged, v, formatVersion)
	}
	if len(data) < headerSize || number32(data, len(Magic)+4) != uint32(sectionCount) {
		return sections, fmt.Errorf("%w: its head is cut off", ErrDamaged)
	}
	signed := headerSize - sha256.Size
	if sum := sha256.Sum256([]byte(data[:signed])); string(sum[:]) != data[signed:headerSize] {
		return sections, fmt.Errorf("%w: the checksum of its head is wrong", ErrDamaged)
	}
	at := uint64(headerSize)
	for i := range sections {
		from, size := number64(data, fixedSize+16*i), number64(data, fixedSize+16*i+8)
		if from != at || size > uint64(len(data))-at {
			return sections, fmt.Errorf("%w: it ends early", ErrDamaged)
		}
		at += size
		sections[i] = data[from:at]
	}
	if at != uint64(len(data)) {
		return sections, fmt.Errorf("%w: it goes on after its end", ErrDamaged)
	}
	return sections, nil
}

func bodySum(data string) string { return data[headerSize-2*sha256.Size : headerSize-sha256.Size] }

func number32(data string, at int) uint32 {
	return uint32(data[at]) | uint32(data[at+1])<<8 | uint32(data[at+2])<<16 | uint32(data[at+3])<<24
}

func number64(data string, at int) uint64 {
	return uint64(number32(data, at)) | uint64(number32(data, at+4))<<32
}
