package decode

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/foilsec/foil/internal/graph"
)

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
	return d.json(key, string(written))
}
