package decode

import (
	"errors"
	"fmt"
	"strings"

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
	if w.bad || v.isNumber != f.form.isNumber() {
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
		return v.text == ""
	case flag, integer, integer32:
		return v.number == 0
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
