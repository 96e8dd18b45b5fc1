package decode

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/foilsec/foil/internal/graph"
)

// maxDepth bounds the nesting of an object, as readers of documents recurse.
const maxDepth = 1000

var errSyntax = errors.New("malformed JSON")

// jsonReader reads JSON values from text into a document builder. Its methods
// expect no white space before a value and leave none unread after it.
type jsonReader struct {
	text  string
	at    int
	depth int
	to    *graph.DocumentBuilder
}

// value adds the next value under that name.
func (r *jsonReader) value(key string) error {
	switch r.peek() {
	case '{':
		r.to.OpenMap(key, graph.Position{})
		if err := r.fields(func(name string) error { return r.value(name) }); err != nil {
			return err
		}
		r.to.Close()
	case '[':
		r.to.OpenList(key, graph.Position{})
		if err := r.items(func() error { return r.value("") }); err != nil {
			return err
		}
		r.to.Close()
	case '"':
		s, err := r.string()
		if err != nil {
			return err
		}
		r.to.String(key, s, graph.Position{})
	case 't':
		r.to.Bool(key, true, graph.Position{})
		return r.literal("true")
	case 'f':
		r.to.Bool(key, false, graph.Position{})
		return r.literal("false")
	case 'n':
		r.to.Null(key, graph.Position{})
		return r.literal("null")
	default:
		return r.number(key)
	}
	return nil
}

// fields reads an object and calls field for each name, which must read the
// value.
func (r *jsonReader) fields(field func(name string) error) error {
	if err := r.open('{'); err != nil {
		return err
	}
	defer r.close()
	if r.accept('}') {
		return nil
	}
	for {
		name, err := r.string()
		if err != nil {
			return err
		}
		if !r.accept(':') {
			return r.unexpected("a colon")
		}
		if err := field(name); err != nil {
			return err
		}
		switch {
		case r.accept('}'):
			return nil
		case !r.accept(','):
			return r.unexpected("a comma or the end of an object")
		}
	}
}

// items reads an array and calls item for each element, which must read it.
func (r *jsonReader) items(item func() error) error {
	if err := r.open('['); err != nil {
		return err
	}
	defer r.close()
	if r.accept(']') {
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		switch {
		case r.accept(']'):
			return nil
		case !r.accept(','):
			return r.unexpected("a comma or the end of an array")
		}
	}
}

// skip reads a value and forgets it.
func (r *jsonReader) skip() error {
	switch r.peek() {
	case '{':
		return r.fields(func(string) error { return r.skip() })
	case '[':
		return r.items(r.skip)
	case '"':
		_, err := r.string()
		return err
	case 't':
		return r.literal("true")
	case 'f':
		return r.literal("false")
	case 'n':
		return r.literal("null")
	}
	_, _, err := r.scanNumber()
	return err
}

func (r *jsonReader) number(key string) error {
	s, integer, err := r.scanNumber()
	if err != nil {
		return err
	}
	if integer {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			r.to.Int(key, n, graph.Position{})
			return nil
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return fmt.Errorf("%w: number %s at byte %d is out of range", errSyntax, s, r.at)
	}
	r.to.Float(key, f, graph.Position{})
	return nil
}

// scanNumber reads a number by the grammar of JSON, which is narrower than
// what strconv accepts.
func (r *jsonReader) scanNumber() (s string, integer bool, err error) {
	begin := r.at
	r.acceptByte('-')
	if !r.acceptByte('0') && !r.digits() {
		return "", false, r.unexpected("a value")
	}
	integer = true
	if r.acceptByte('.') {
		integer = false
		if !r.digits() {
			return "", false, r.unexpected("a digit")
		}
	}
	if r.acceptByte('e') || r.acceptByte('E') {
		integer = false
		_ = r.acceptByte('+') || r.acceptByte('-')
		if !r.digits() {
			return "", false, r.unexpected("a digit")
		}
	}
	s = r.text[begin:r.at]
	r.space()
	return s, integer, nil
}

func (r *jsonReader) digits() bool {
	begin := r.at
	for c := r.peek(); c >= '0' && c <= '9'; c = r.peek() {
		r.at++
	}
	return r.at > begin
}

func (r *jsonReader) literal(want string) error {
	if len(r.text)-r.at < len(want) || r.text[r.at:r.at+len(want)] != want {
		return r.unexpected("a value")
	}
	r.at += len(want)
	r.space()
	return nil
}

func (r *jsonReader) open(bracket byte) error {
	if !r.accept(bracket) {
		return r.unexpected(string(bracket))
	}
	if r.depth++; r.depth > maxDepth {
		return fmt.Errorf("nested more than %d levels at byte %d", maxDepth, r.at)
	}
	return nil
}

func (r *jsonReader) close() { r.depth-- }

// accept reads one byte and the white space after it, if it is the next one.
func (r *jsonReader) accept(c byte) bool {
	if !r.acceptByte(c) {
		return false
	}
	r.space()
	return true
}

func (r *jsonReader) acceptByte(c byte) bool {
	if r.at >= len(r.text) || r.text[r.at] != c {
		return false
	}
	r.at++
	return true
}

// peek is the next byte, 0 at the end.
func (r *jsonReader) peek() byte {
	if r.at >= len(r.text) {
		return 0
	}
	return r.text[r.at]
}

func (r *jsonReader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// end fails unless all was read.
func (r *jsonReader) end() error {
	if r.at < len(r.text) {
		return r.unexpected("the end")
	}
	return nil
}

func (r *jsonReader) unexpected(want string) error {
	if r.at >= len(r.text) {
		return fmt.Errorf("%w: ends at byte %d, want %s", errSyntax, r.at, want)
	}
	return fmt.Errorf("%w: %q at byte %d, want %s", errSyntax, r.text[r.at], r.at, want)
}
