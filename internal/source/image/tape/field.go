package tape

import (
	"bytes"
	"fmt"
	"strings"
)

// text is a field up to its first zero.
func text(field []byte) string {
	if i := bytes.IndexByte(field, 0); i >= 0 {
		field = field[:i]
	}
	return string(field)
}

// number is a field in octal, or in binary when its first bit is set.
func number(field []byte) (int64, error) {
	if field[0]&0x80 != 0 {
		return binaryNumber(field)
	}
	start, end := 0, len(field)
	for start < end && (field[start] == ' ' || field[start] == 0) {
		start++
	}
	for end > start && (field[end-1] == ' ' || field[end-1] == 0) {
		end--
	}
	var n int64
	for _, c := range field[start:end] {
		if c == 0 {
			break // what stands behind does not count
		}
		if c < '0' || c > '7' || n >= 1<<60 {
			return 0, ErrHeader
		}
		n = n<<3 | int64(c-'0')
	}
	return n, nil
}

// binaryNumber is a field in two's complement, of which the first bit is a mark.
func binaryNumber(field []byte) (int64, error) {
	var inverted byte
	if field[0]&0x40 != 0 {
		inverted = 0xff
	}
	var n uint64
	for i, b := range field {
		b ^= inverted
		if i == 0 {
			b &= 0x7f
		}
		if n >= 1<<55 {
			return 0, ErrHeader
		}
		n = n<<8 | uint64(b)
	}
	if inverted != 0 {
		return ^int64(n), nil
	}
	return int64(n), nil
}

// overrides is what other headers say of the entry that follows them. What GNU
// headers say counts before what PAX headers say, and of those only the last
// counts.
type overrides struct {
	name, link string // of GNU
	pax        pax
}

type pax struct {
	name, link string
	size       int64
	hasSize    bool
	sparse     bool
	raw        []byte // the header, for whoever reads sparse files
}

func (o *overrides) take(kind byte, content []byte) error {
	switch kind {
	case 'L':
		o.name = text(content)
	case 'K':
		o.link = text(content)
	case 'x':
		o.pax = pax{}
		return o.pax.records(content)
	}
	return nil // a global header says nothing that counts
}

// records reads a PAX header: "LENGTH KEY=VALUE\n" again and again.
func (p *pax) records(content []byte) error {
	for rest := content; len(rest) > 0; {
		key, value, after, ok := record(rest)
		if !ok {
			return fmt.Errorf("%w: a PAX header is damaged", ErrHeader)
		}
		rest = after
		if len(value) == 0 {
			continue // as if it were not there
		}
		switch string(key) {
		case "path":
			p.name = string(value)
		case "linkpath":
			p.link = string(value)
		case "size":
			n, ok := decimal(value)
			if !ok {
				return fmt.Errorf("%w: the size in a PAX header is no number", ErrHeader)
			}
			p.size, p.hasSize = n, true
		default:
			if strings.HasPrefix(string(key), "GNU.sparse.") {
				p.sparse, p.raw = true, append([]byte(nil), content...)
			}
		}
	}
	return nil
}

// record splits the first record off.
func record(content []byte) (key, value, rest []byte, ok bool) {
	space := bytes.IndexByte(content, ' ')
	if space < 0 {
		return nil, nil, nil, false
	}
	length, ok := decimal(content[:space])
	if !ok || length < int64(space)+3 || length > int64(len(content)) || content[length-1] != '\n' {
		return nil, nil, nil, false
	}
	key, value, ok = bytes.Cut(content[space+1:length-1], []byte{'='})
	return key, value, content[length:], ok && len(key) > 0
}

func decimal(field []byte) (int64, bool) {
	var n int64
	for _, c := range field {
		if c < '0' || c > '9' || n >= 1<<59 {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, len(field) > 0
}
