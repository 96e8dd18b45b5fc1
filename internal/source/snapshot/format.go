package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"
)

// The layout of a file, numbers little-endian:
//
//	0   8  magic
//	8   4  format version
//	12  4  length of the description
//	16  8  length of the payload
//	24 32  SHA-256 of the payload, the description and the bytes 0 to 24
//	56     description: Info as JSON
//	       payload: the graph in its binary form, compressed with zstd
//
// Magic, version, lengths and description keep their place in every version,
// so that an old program can say what a new file is.
const (
	// The magic begins with a byte that no text has and holds both line ends,
	// so that a transfer as text is seen.
	magic         = "\x89foil\r\n\x1a"
	formatVersion = 1
	headerSize    = 56
	maxInfo       = 64 << 10
)

// Errors that say why a file can't be read; test for them with errors.Is.
var (
	ErrNotSnapshot = errors.New("not a foil snapshot")
	ErrTruncated   = errors.New("the snapshot is cut off; copy it again or take a new one")
	ErrDamaged     = errors.New("the snapshot is damaged; copy it again or take a new one")
)

// VersionError says that a file was written in a format that this program does
// not read.
type VersionError struct {
	Format      uint32 // of the file
	FoilVersion string // of the program that wrote it, if known
}

func (e *VersionError) Error() string {
	writer := "another version of foil"
	if e.FoilVersion != "" {
		writer = "foil " + e.FoilVersion
	}
	advice := "take the snapshot again with this foil"
	if e.Format > formatVersion {
		advice = "update foil to read it"
	}
	return fmt.Sprintf("written by %s in format %d, this foil reads format %d; %s", writer, e.Format, formatVersion, advice)
}

// Info describes a snapshot.
type Info struct {
	FoilVersion string    `json:"foilVersion"`
	CreatedAt   time.Time `json:"createdAt"`
	// Target is what was read, in the words of the user: a context, a path.
	Target string `json:"target"`
}

type header struct {
	version  uint32
	info     []byte
	payload  int64
	checksum [sha256.Size]byte
}

// prefix is the part of the header that the checksum covers.
func (h *header) prefix() []byte {
	b := append(make([]byte, 0, headerSize), magic...)
	b = binary.LittleEndian.AppendUint32(b, h.version)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(h.info)))
	return binary.LittleEndian.AppendUint64(b, uint64(h.payload))
}

func (h *header) bytes() []byte { return append(h.prefix(), h.checksum[:]...) }

// sum is the checksum of the file; payload has taken in the payload.
func (h *header) sum(payload hash.Hash) (sum [sha256.Size]byte) {
	_, _ = payload.Write(h.info)
	_, _ = payload.Write(h.prefix())
	payload.Sum(sum[:0])
	return sum
}

// payloadOffset is where the payload begins.
func (h *header) payloadOffset() int64 { return headerSize + int64(len(h.info)) }

// readHeader reads and checks header and description of a file of that size.
func readHeader(r io.ReaderAt, size int64) (*header, error) {
	var raw [headerSize]byte
	n, err := r.ReadAt(raw[:], 0)
	if !bytes.HasPrefix(raw[:n], []byte(magic)) {
		if err != nil && err != io.EOF {
			return nil, err
		}
		return nil, ErrNotSnapshot
	}
	if n < headerSize {
		return nil, endOrError(err)
	}
	h := &header{version: binary.LittleEndian.Uint32(raw[8:]), payload: int64(binary.LittleEndian.Uint64(raw[16:]))}
	copy(h.checksum[:], raw[24:])
	infoSize := binary.LittleEndian.Uint32(raw[12:])
	if infoSize > maxInfo || h.payload < 0 {
		return nil, ErrDamaged
	}
	h.info = make([]byte, infoSize)
	if n, err := r.ReadAt(h.info, headerSize); n < len(h.info) {
		return nil, endOrError(err)
	}
	if h.version != formatVersion {
		info, _ := h.description() // a description of another format may be unreadable
		return nil, &VersionError{Format: h.version, FoilVersion: info.FoilVersion}
	}
	switch end := size - h.payloadOffset(); {
	case end < h.payload:
		return nil, ErrTruncated
	case end > h.payload:
		return nil, ErrDamaged
	}
	return h, nil
}

func (h *header) description() (Info, error) {
	var info Info
	if err := json.Unmarshal(h.info, &info); err != nil {
		return Info{}, ErrDamaged
	}
	return info, nil
}

func endOrError(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return ErrTruncated
	}
	return err
}
