package decode

import (
	"fmt"

	"github.com/foilsec/foil/internal/graph"
)

// Type names the kind of the objects in a list. The items of a list do not
// always say it themselves.
type Type struct{ APIVersion, Kind string }

// List is what a page of a list says about the list.
type List struct {
	// Continue is the token that asks for the next page, empty on the last.
	Continue string
}

// Decoder makes documents from pages of a list. It may be reused, and is not
// safe for concurrent use.
type Decoder struct {
	schemas    *Schemas
	documents  graph.DocumentBuilder
	quantities map[string]string // as written, in canonical form
	depth      int               // of nested protobuf messages
}

// NewDecoder makes a decoder. Any number of decoders can share the schemas.
func NewDecoder(schemas *Schemas) *Decoder {
	return &Decoder{schemas: schemas, quantities: make(map[string]string)}
}

// JSON reads one page of a list in JSON and emits each item.
func (d *Decoder) JSON(page string, t Type, emit func(*graph.Document)) (List, error) {
	return d.jsonPage(page, func(r *jsonReader, list *List, name string) error {
		if name != "items" {
			return r.listField(list, name)
		}
		return r.listOf(func() error {
			return d.emit(emit, func() error { return r.object(t) })
		})
	})
}

// Object reads one object in JSON.
func (d *Decoder) Object(text string, t Type) (object *graph.Document, err error) {
	r := &jsonReader{text: text, to: &d.documents}
	r.space()
	err = d.emit(func(document *graph.Document) { object = document }, func() error { return r.object(t) })
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return nil, fmt.Errorf("decode object: %w", err)
	}
	return object, nil
}

// jsonPage reads the object around a page; field reads each of its fields.
func (d *Decoder) jsonPage(page string, field func(r *jsonReader, list *List, name string) error) (List, error) {
	r := &jsonReader{text: page, to: &d.documents}
	var list List
	r.space()
	err := r.fields(func(name string) error { return field(r, &list, name) })
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return List{}, fmt.Errorf("decode page: %w", err)
	}
	return list, nil
}

// emit finishes the document that add has added and hands it on.
func (d *Decoder) emit(emit func(*graph.Document), add func() error) error {
	if err := add(); err != nil {
		_, _ = d.documents.Finish() // what was begun is dropped
		return err
	}
	document, err := d.documents.Finish()
	if err != nil {
		return err
	}
	emit(document)
	return nil
}

// listField reads a field of the list itself.
func (r *jsonReader) listField(list *List, name string) error {
	if name != "metadata" || r.peek() != '{' {
		return r.skip()
	}
	return r.fields(func(name string) (err error) {
		if name == "continue" && r.peek() == '"' {
			list.Continue, err = r.string()
			return err
		}
		return r.skip()
	})
}

// listOf reads an array; null stands for an empty one.
func (r *jsonReader) listOf(item func() error) error {
	if r.peek() == 'n' {
		return r.literal("null")
	}
	return r.items(item)
}

// object adds a Kubernetes object as the root of a document.
func (r *jsonReader) object(t Type) error {
	r.begin(t)
	err := r.fields(func(name string) error {
		switch {
		case name == "apiVersion" || name == "kind":
			return r.skip()
		case name == "metadata" && r.peek() == '{':
			return r.metadata(r.value)
		}
		return r.value(name)
	})
	r.to.Close()
	return err
}

// begin opens the root of a document and says its type.
func (r *jsonReader) begin(t Type) {
	r.to.OpenMap("", graph.Position{})
	r.to.String("apiVersion", t.APIVersion, graph.Position{})
	r.to.String("kind", t.Kind, graph.Position{})
}

// metadata adds the metadata of an object without the managed fields; value
// adds each other field.
func (r *jsonReader) metadata(value func(name string) error) error {
	r.to.OpenMap("metadata", graph.Position{})
	err := r.fields(func(name string) error {
		if name == "managedFields" {
			return r.skip()
		}
		return value(name)
	})
	r.to.Close()
	return err
}
