package vuln

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"unsafe"
)

// DB is an open database. It is immutable and safe for concurrent use until it
// is closed; what it gave out stays valid after that.
type DB struct {
	path     string
	data     string // the whole file
	sections [sectionCount]string
	stamps   []Stamp
	// borrowed is true when the bytes go away with Close, so that strings that
	// are given out are copies.
	borrowed bool
	unmap    func() error
	closed   atomic.Bool
}

// Open opens a database file. It checks the head of the file; [DB.Verify]
// checks the rest.
func Open(path string) (*DB, error) {
	data, unmap, err := mapFile(path)
	if err != nil {
		return nil, fmt.Errorf("open the vulnerability database: %w", err)
	}
	db, err := read(unsafe.String(unsafe.SliceData(data), len(data))) //nolint:gosec // the mapping is read-only, and a copy would cost what mapping saves
	if err != nil {
		_ = unmap()
		return nil, fmt.Errorf("open the vulnerability database %s: %w", path, err)
	}
	db.path, db.borrowed, db.unmap = path, true, unmap
	return db, nil
}

// read finds the parts of a file.
func read(data string) (*DB, error) {
	sections, err := decodeHeader(data)
	if err != nil {
		return nil, err
	}
	db := &DB{data: data, sections: sections}
	if err := json.Unmarshal([]byte(sections[stampSection]), &db.stamps); err != nil {
		return nil, fmt.Errorf("%w: its list of feeds can't be read", ErrDamaged)
	}
	return db, nil
}

// Close gives the file back.
func (db *DB) Close() error {
	if db.unmap == nil || db.closed.Swap(true) {
		return nil
	}
	db.sections = [sectionCount]string{}
	return db.unmap()
}

// Path is the file; empty for the starter database, which is in the program.
func (db *DB) Path() string { return db.path }

// Size is the length of the file in bytes.
func (db *DB) Size() int { return len(db.data) }

// Len is the number of advisories.
func (db *DB) Len() int { return db.rows(advisoryTable) }

// Checksum is the checksum that the file states of itself, in hexadecimal
// digits.
func (db *DB) Checksum() string { return fmt.Sprintf("%x", bodySum(db.data)) }

// WriteTo copies the file.
func (db *DB) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, db.data)
	return int64(n), err
}

// Verify reads the whole file and compares it with its checksum.
func (db *DB) Verify() error {
	sum := sha256.New()
	for rest := db.data[headerSize:]; rest != ""; {
		n := min(len(rest), 1<<20)
		sum.Write([]byte(rest[:n]))
		rest = rest[n:]
	}
	if string(sum.Sum(nil)) != bodySum(db.data) {
		return fmt.Errorf("%w: its checksum is wrong", ErrDamaged)
	}
	return nil
}

// mostMapped is the size above which a file is no database of ours: offsets in
// it have 32 bits.
const mostMapped = 4 << 30

func openRegular(path string) (*os.File, int, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s is no file", path)
	case info.Size() < int64(headerSize) || info.Size() > mostMapped:
		err = fmt.Errorf("%s: %w: it has %d bytes", path, ErrDamaged, info.Size())
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, err
	}
	return f, int(info.Size()), nil
}
