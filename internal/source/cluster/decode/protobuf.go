package decode

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/foilsec/foil/internal/graph"
)

// envelopeMagic begins every protobuf answer of an API server; an envelope
// with type and content follows.
const envelopeMagic = "k8s\x00"

// Field numbers that all lists share.
const (
	envelopeType    = 1
	envelopeContent = 2
	typeKind        = 2
	listMetadata    = 1
	listItem        = 2
	metadataToken   = 3
)

var errWire = errors.New("malformed protobuf")

// errOrder says that the parts of a field do not stand together. The order is
// free in protobuf, but no API server makes use of that.
var errOrder = errors.New("protobuf fields are out of order")

// Protobuf reads one page of a list in protobuf and emits each item. It fails
// with [ErrNoSchema] when the type is not known; after any error the items of
// the page that were emitted are valid, but the page is to be asked for in
// JSON.
func (d *Decoder) Protobuf(page string, t Type, emit func(*graph.Document)) (List, error) {
	m, err := d.schemas.of(t)
	if err != nil {
		return List{}, err
	}
	content, err := openEnvelope(page, t.Kind+"List")
	if err != nil {
		return List{}, fmt.Errorf("decode page: %w", err)
	}
	list, err := d.protobufList(content, func(item wire) error {
		return d.emit(emit, func() error { return d.root(t, m, item) })
	})
	if err != nil {
		return List{}, fmt.Errorf("decode page: %w", err)
	}
	return list, nil
}

func (d *Decoder) protobufList(content string, item func(wire) error) (list List, err error) {
	w := wire{s: content}
	for w.more() {
		switch tag := w.tag(); {
		case tag.is(listMetadata):
			metadata, ok := w.message().find(metadataToken)
			list.Continue, w.bad = metadata, w.bad || !ok
		case tag.is(listItem):
			message := w.message()
			if w.bad {
				break
			}
			if err := item(message); err != nil {
				return List{}, err
			}
		default:
			w.skip(tag)
		}
	}
	if w.bad {
		return List{}, errWire
	}
	return list, nil
}

// openEnvelope is the content of an envelope that holds that kind.
func openEnvelope(page, kind string) (content string, err error) {
	rest, ok := strings.CutPrefix(page, envelopeMagic)
	if !ok {
		return "", errors.New("not the protobuf form of Kubernetes")
	}
	envelope := wire{s: rest}
	typ, typOK := envelope.find(envelopeType)
	got, kindOK := wire{s: typ}.find(typeKind)
	content, contentOK := envelope.find(envelopeContent)
	switch {
	case !typOK || !kindOK || !contentOK:
		return "", errWire
	case got != kind:
		return "", fmt.Errorf("want a %s, got a %q", kind, got)
	}
	return content, nil
}

func (d *Decoder) root(t Type, m *message, w wire) error {
	d.documents.OpenMap("", graph.Position{})
	d.documents.String("apiVersion", t.APIVersion, graph.Position{})
	d.documents.String("kind", t.Kind, graph.Position{})
	if err := d.message(m, w); err != nil {
		return err
	}
	d.documents.Close()
	return nil
}

// message adds the fields of a message to the open map.
func (d *Decoder) message(m *message, w wire) error {
	if d.depth++; d.depth > maxDepth {
		return fmt.Errorf("nested more than %d levels", maxDepth)
	}
	defer func() { d.depth-- }()
	var seen [maxFields / 64]uint64
	for w.more() {
		tag := w.tag()
		index := m.index(tag.number)
		if index < 0 {
			w.skip(tag)
			continue
		}
		if seen[index/64]&(1<<(index%64)) != 0 {
			return errOrder
		}
		seen[index/64] |= 1 << (index % 64)
		if err := d.field(&m.fields[index], tag, &w); err != nil {
			return err
		}
	}
	if w.bad {
		return errWire
	}
	for _, index := range m.always {
		if seen[index/64]&(1<<(index%64)) == 0 {
			if err := d.absent(&m.fields[index]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *message) index(number int) int {
	if number >= len(m.byNumber) {
		return -1
	}
	return int(m.byNumber[number])
}

// field adds a field whose tag has been read.
func (d *Decoder) field(f *field, tag tag, w *wire) error {
	switch {
	case f.repeated:
		return d.list(f, tag, w)
	case f.mapped:
		return d.entries(f, tag, w)
	}
	v := w.value(tag)
	if w.bad {
		return errWire
	}
	switch {
	case f.inline:
		return d.message(f.object, wire{s: v.text})
	case (f.omitEmpty || f.omitsZero) && !f.pointer && f.isEmpty(v):
		return nil
	}
	return d.value(f, f.key, v)
}

// isEmpty reports whether encoding/json would leave the value out.
func (f *field) isEmpty(v wireValue) bool {
	switch f.form {
	case text, binaryData:
		return v.text == "" && !v.isNumber
	case flag, integer, integer32:
		return v.number == 0 && v.isNumber
	case moment, microMoment:
		t, ok := timeOf(v.text)
		return f.omitsZero && ok && t.IsZero()
	}
	return false
}

// list adds the elements of a repeated field; they stand one after the other.
func (d *Decoder) list(f *field, tag tag, w *wire) error {
	d.documents.OpenList(f.key, graph.Position{})
	for {
		v := w.value(tag)
		if w.bad {
			return errWire
		}
		if err := d.value(f, "", v); err != nil {
			return err
		}
		if !w.acceptTag(tag) {
			d.documents.Close()
			return nil
		}
	}
}

// entries adds the entries of a map; they stand one after the other, ordered by
// key.
func (d *Decoder) entries(f *field, tag tag, w *wire) error {
	d.documents.OpenMap(f.key, graph.Position{})
	for before, first := "", true; ; first = false {
		key, v, ok := entry(w.value(tag).text)
		if w.bad || !ok {
			return errWire
		}
		if !first && key <= before {
			return errOrder
		}
		before = key
		if err := d.value(f, key, v); err != nil {
			return err
		}
		if !w.acceptTag(tag) {
			d.documents.Close()
			return nil
		}
	}
}

// entry splits the message of a map entry; a missing half is the zero value.
func entry(s string) (key string, v wireValue, ok bool) {
	w := wire{s: s}
	for w.more() {
		switch tag := w.tag(); {
		case tag.is(1):
			key = w.value(tag).text
		case tag.number == 2:
			v = w.value(tag)
		default:
			w.skip(tag)
		}
	}
	return key, v, !w.bad
}

// value adds one value in the form of the field.
func (d *Decoder) value(f *field, key string, v wireValue) error {
	if v.isNumber != f.form.isNumber() {
		return errWire
	}
	b, none := &d.documents, graph.Position{}
	switch f.form {
	case text:
		b.String(key, replaceInvalid(v.text), none)
	case flag:
		b.Bool(key, v.number != 0, none)
	case integer:
		b.Int(key, int64(v.number), none)
	case integer32:
		b.Int(key, int64(int32(v.number)), none)
	case binaryData:
		b.String(key, base64.StdEncoding.EncodeToString([]byte(v.text)), none)
	case object:
		b.OpenMap(key, none)
		if err := d.message(f.object, wire{s: v.text}); err != nil {
			return err
		}
		b.Close()
	case moment:
		return d.time(key, time.RFC3339, v.text)
	case microMoment:
		return d.time(key, "2006-01-02T15:04:05.000000Z07:00", v.text)
	case quantity:
		return d.within(v, func(written string) error { return d.quantity(key, written) })
	case intOrString:
		return d.intOrString(key, wire{s: v.text})
	case rawJSON:
		return d.within(v, func(raw string) error { return d.json(key, raw) })
	case foreign:
		return d.foreign(f, key, v.text)
	}
	return nil
}

func (f form) isNumber() bool { return f == flag || f == integer || f == integer32 }

// absent adds what the JSON form has for a field that was not sent.
func (d *Decoder) absent(f *field) error {
	switch {
	case f.inline:
		return d.message(f.object, wire{})
	case f.pointer || f.repeated || f.mapped || f.form == binaryData:
		d.documents.Null(f.key, graph.Position{})
		return nil
	}
	return d.value(f, f.key, wireValue{isNumber: f.form.isNumber()})
}

func (d *Decoder) time(key, layout, timestamp string) error {
	t, ok := timeOf(timestamp)
	switch {
	case !ok:
		return errWire
	case t.IsZero():
		d.documents.Null(key, graph.Position{})
	default:
		d.documents.String(key, t.Format(layout), graph.Position{})
	}
	return nil
}

// timeOf reads a timestamp; an empty one is the zero time.
func timeOf(s string) (t time.Time, ok bool) {
	if s == "" {
		return time.Time{}, true
	}
	w := wire{s: s}
	var seconds, nanoseconds int64
	for w.more() {
		switch tag := w.tag(); tag.number {
		case 1:
			seconds = int64(w.value(tag).number)
		case 2:
			nanoseconds = int64(int32(w.value(tag).number))
		default:
			w.skip(tag)
		}
	}
	return time.Unix(seconds, nanoseconds).UTC(), !w.bad
}

// quantity adds a quantity in canonical form. Few different ones are in use,
// and parsing them is slow.
func (d *Decoder) quantity(key, written string) error {
	const remembered = 10_000
	canonical, ok := d.quantities[written]
	if !ok {
		canonical = "0"
		if written != "" {
			q, err := resource.ParseQuantity(written)
			if err != nil {
				return fmt.Errorf("quantity %q: %w", written, err)
			}
			canonical = q.String()
		}
		if len(d.quantities) >= remembered {
			clear(d.quantities)
		}
		d.quantities[strings.Clone(written)] = canonical
	}
	d.documents.String(key, canonical, graph.Position{})
	return nil
}

func (d *Decoder) intOrString(key string, w wire) error {
	var isString bool
	var number int64
	var s string
	for w.more() {
		switch tag := w.tag(); tag.number {
		case 1:
			isString = w.value(tag).number == 1
		case 2:
			number = int64(int32(w.value(tag).number))
		case 3:
			s = w.value(tag).text
		default:
			w.skip(tag)
		}
	}
	switch {
	case w.bad:
		return errWire
	case isString:
		d.documents.String(key, replaceInvalid(s), graph.Position{})
	default:
		d.documents.Int(key, number, graph.Position{})
	}
	return nil
}

// within calls add with what the message wraps in its only field.
func (d *Decoder) within(v wireValue, add func(string) error) error {
	content, ok := wire{s: v.text}.find(1)
	if !ok {
		return errWire
	}
	return add(content)
}

// json adds a value that is JSON within protobuf.
func (d *Decoder) json(key, s string) error {
	if s == "" {
		d.documents.Null(key, graph.Position{})
		return nil
	}
	r := &jsonReader{text: s, to: &d.documents}
	r.space()
	if err := r.value(key); err != nil {
		return err
	}
	return r.end()
}

// foreign goes by way of the Go type. Such fields are rare.
func (d *Decoder) foreign(f *field, key, s string) error {
	v := reflect.New(f.goType)
	if f.mapped && f.goType.Kind() == reflect.Slice { // a map entry is never nil
		v.Elem().Set(reflect.MakeSlice(f.goType, 0, 0))
	}
	reader, ok := v.Interface().(wireReader)
	if !ok {
		return fmt.Errorf("%s does not read protobuf", f.goType)
	}
	if err := reader.Unmarshal([]byte(s)); err != nil {
		return err
	}
	written, err := json.Marshal(v.Elem().Interface())
	if err != nil {
		return err
	}
	return d.json(key, string(slices.Clip(written)))
}
