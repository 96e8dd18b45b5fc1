package intake

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/osv"
)

// The bounds of a zip. Exports have up to some 300,000 records and 2 GB.
const (
	mostRecords     = 2_000_000
	largestRecord   = 16 << 20
	largestUnpacked = 16 << 30
	// A zip whose content is so many times its own size is a bomb. Records are
	// text of the same kind, and shrink to a tenth.
	highestRatio = 200
	ratioCounts  = 64 << 20 // unpacked bytes from which on the ratio counts
)

// export reads a zip of OSV records.
func (r *Reader) export(ctx context.Context, file string, o Origin) error {
	sum, size, err := checksum(file)
	if err != nil {
		return err
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		return fmt.Errorf("read the zip: %w", err)
	}
	defer func() { _ = z.Close() }()
	if len(z.File) > mostRecords {
		return fmt.Errorf("it holds %d files, more than the %d that are read", len(z.File), mostRecords)
	}
	e := unpacking{reader: r, origin: o, file: file, packed: size, name: named(file, o)}
	for _, entry := range z.File {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := e.entry(entry); err != nil {
			return err
		}
	}
	return e.finish(sum)
}

// unpacking is one zip on its way into a builder.
type unpacking struct {
	reader           *Reader
	origin           Origin
	file, name       string
	packed, unpacked int64
	taken, rejected  int
	feeds            map[string]bool
	buffer           []byte
}

var errBomb = errors.New("it unpacks to far more than its size")

// entry reads a record. A record that can't be read is a problem of its own.
func (e *unpacking) entry(entry *zip.File) error {
	if path.Ext(entry.Name) != ".json" || strings.HasPrefix(path.Base(entry.Name), ".") {
		return nil
	}
	data, err := e.unpack(entry)
	if errors.Is(err, errBomb) {
		return err
	}
	if err == nil {
		err = e.record(data)
	}
	if err != nil {
		e.rejected++
		e.reader.problem(e.file+": "+entry.Name, err)
	}
	return nil
}

func (e *unpacking) unpack(entry *zip.File) ([]byte, error) {
	if entry.UncompressedSize64 > largestRecord {
		return nil, fmt.Errorf("the record has %d bytes, more than the %d that are read", entry.UncompressedSize64, largestRecord)
	}
	from, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = from.Close() }()
	e.buffer = e.buffer[:0]
	for {
		if len(e.buffer) == cap(e.buffer) {
			e.buffer = append(e.buffer, make([]byte, max(64<<10, len(e.buffer)))...)[:len(e.buffer)]
		}
		n, err := from.Read(e.buffer[len(e.buffer):cap(e.buffer)])
		e.buffer = e.buffer[:len(e.buffer)+n]
		e.unpacked += int64(n)
		switch {
		case e.unpacked > largestUnpacked || e.unpacked > ratioCounts && e.unpacked > highestRatio*e.packed:
			return nil, errBomb
		case errors.Is(err, io.EOF):
			return e.buffer, nil
		case err != nil:
			return nil, err
		case len(e.buffer) > largestRecord:
			return nil, fmt.Errorf("the record has more than the %d bytes that are read", largestRecord)
		}
	}
}

// record takes a record. An export of an ecosystem holds records that name
// others too; what they say of those belongs to the others' exports.
func (e *unpacking) record(data []byte) error {
	a, err := osv.Parse(data)
	if err != nil {
		return err
	}
	bases := basesOf(&a)
	if len(bases) == 0 {
		if !a.Withdrawn.IsZero() { // a record that was taken back may be empty
			return nil
		}
		return errNoPackage
	}
	for _, base := range e.relevant(bases) {
		t := e.reader.feed(e.feedName(base), base, e.origin)
		if err := e.reader.builder.Add(t.number, &a); err != nil {
			return err
		}
		if e.feeds == nil {
			e.feeds = map[string]bool{}
		}
		e.feeds[e.feedName(base)] = true
	}
	e.taken++
	return nil
}

func (e *unpacking) relevant(bases []string) []string {
	for _, base := range bases {
		if base == vuln.BaseOf(e.name) {
			return []string{base}
		}
	}
	return bases
}

func (e *unpacking) feedName(base string) string {
	if base == vuln.BaseOf(e.name) {
		return e.name
	}
	return base + " (" + e.name + ")"
}

func (e *unpacking) finish(sum string) error {
	for name := range e.feeds {
		s := e.reader.builder.Stamp(e.reader.touched[name].number)
		s.Checksum = sum
		s.Rejected += e.rejected
	}
	if e.taken == 0 && e.rejected == 0 {
		return errors.New("it holds no records")
	}
	return nil
}

// checksum is the SHA-256 of a file, and its size.
func checksum(file string) (string, int64, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = f.Close() }()
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	return fmt.Sprintf("%x", sum.Sum(nil)), size, err
}
