package decode

// wire reads the protobuf encoding. After a fault bad is set, nothing more is
// read and values are zero.
type wire struct {
	s   string
	at  int
	bad bool
}

// The wire types that Kubernetes uses; the others are only skipped.
const (
	wireVarint = 0
	wireFixed8 = 1
	wireBytes  = 2
	wireFixed4 = 5
)

type tag struct {
	number int
	typ    uint8
}

// is reports whether the tag is of a string, bytes or message of that number.
func (t tag) is(number int) bool { return t.number == number && t.typ == wireBytes }

// wireValue is a number, or the bytes of anything longer.
type wireValue struct {
	isNumber bool
	number   uint64
	text     string
}

func (w *wire) more() bool { return !w.bad && w.at < len(w.s) }

func (w *wire) tag() tag {
	u := w.varint()
	const maxNumber = 1<<29 - 1
	if number := u >> 3; number > 0 && number <= maxNumber {
		return tag{int(number), uint8(u & 7)}
	}
	w.bad = true
	return tag{}
}

// acceptTag reads the next tag if it is that one.
func (w *wire) acceptTag(want tag) bool {
	if !w.more() {
		return false
	}
	before := w.at
	if w.tag() == want {
		return true
	}
	w.at = before
	return false
}

// value reads the value of a tag of one of the wire types that are in use.
func (w *wire) value(t tag) wireValue {
	switch t.typ {
	case wireVarint:
		return wireValue{isNumber: true, number: w.varint()}
	case wireBytes:
		return wireValue{text: w.bytes()}
	}
	w.bad = true
	return wireValue{}
}

// message reads the value of a tag that holds a message.
func (w *wire) message() wire { return wire{s: w.bytes()} }

func (w *wire) bytes() string {
	length := w.varint()
	if w.bad || length > uint64(len(w.s)-w.at) {
		w.bad = true
		return ""
	}
	begin := w.at
	w.at += int(length)
	return w.s[begin:w.at]
}

func (w *wire) varint() uint64 {
	var u uint64
	for shift := 0; shift < 64 && w.at < len(w.s); shift += 7 {
		b := w.s[w.at]
		w.at++
		u |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return u
		}
	}
	w.bad = true
	return 0
}

// skip passes over the value of a tag.
func (w *wire) skip(t tag) {
	switch t.typ {
	case wireVarint:
		w.varint()
	case wireBytes:
		w.bytes()
	case wireFixed8:
		w.advance(8)
	case wireFixed4:
		w.advance(4)
	default:
		w.bad = true
	}
}

func (w *wire) advance(n int) {
	if len(w.s)-w.at < n {
		w.bad = true
		return
	}
	w.at += n
}

// find is the content of the last field of that number that is a string, bytes
// or message, empty when there is none; ok is false for malformed input.
func (w wire) find(number int) (content string, ok bool) {
	for w.more() {
		if t := w.tag(); t.is(number) {
			content = w.bytes()
		} else {
			w.skip(t)
		}
	}
	return content, !w.bad
}
