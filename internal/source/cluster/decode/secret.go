package decode

import (
	"errors"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// SecretAccept is the form in which Secrets are to be asked for: a table,
// whose rows say the type of each Secret and how many entries it has, with
// nothing but the metadata of the object beside. The other form has metadata
// alone. In neither do values leave the API server.
const SecretAccept = "application/json;as=Table;g=meta.k8s.io;v=v1," +
	"application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

var secretType = Type{APIVersion: "v1", Kind: "Secret"}

// ErrSecretValues says that a server sent Secrets with their values although
// it was asked for metadata.
var ErrSecretValues = errors.New("the server sent whole Secrets although asked for metadata; nothing of them was kept")

// Secrets reads one page of Secrets in one of the forms of SecretAccept and
// emits each with metadata and, when the form has it, type. Annotations that
// may repeat the values are left out.
func (d *Decoder) Secrets(page string, emit func(*graph.Document)) (List, error) {
	typeColumn := -1
	return d.jsonPage(page, func(r *jsonReader, list *List, name string) error {
		switch name {
		case "kind":
			return r.secretListKind()
		case "columnDefinitions":
			column, err := r.columnNamed("Type")
			typeColumn = column
			return err
		case "rows":
			return r.listOf(func() error {
				return d.emit(emit, func() error { return r.secretRow(typeColumn) })
			})
		case "items":
			return r.listOf(func() error {
				return d.emit(emit, func() error { return r.secretObject("") })
			})
		}
		return r.listField(list, name)
	})
}

func (r *jsonReader) secretListKind() error {
	if r.peek() != '"' {
		return r.skip()
	}
	switch kind, err := r.string(); {
	case err != nil:
		return err
	case kind == "SecretList":
		return ErrSecretValues
	case kind != "Table" && kind != "PartialObjectMetadataList":
		return fmt.Errorf("want a table of Secrets, got a %s", kind)
	}
	return nil
}

// columnNamed reads the columns of a table and gives the number of one, -1 if
// there is none of that name.
func (r *jsonReader) columnNamed(want string) (column int, err error) {
	column = -1
	number := 0
	err = r.listOf(func() error {
		defer func() { number++ }()
		return r.fields(func(name string) error {
			if name != "name" || r.peek() != '"' {
				return r.skip()
			}
			title, err := r.string()
			if title == want {
				column = number
			}
			return err
		})
	})
	return column, err
}

// secretRow adds the Secret of one row. Its object is read when the cells are
// known, wherever they stand.
func (r *jsonReader) secretRow(typeColumn int) error {
	object, typ := -1, ""
	err := r.fields(func(name string) (err error) {
		switch name {
		case "object":
			object = r.at
		case "cells":
			typ, err = r.stringCell(typeColumn)
			return err
		}
		return r.skip()
	})
	if err != nil {
		return err
	}
	if object < 0 {
		return errors.New("a row of the table of Secrets has no object")
	}
	end := r.at
	r.at = object
	err = r.secretObject(typ)
	r.at = end
	return err
}

func (r *jsonReader) stringCell(column int) (cell string, err error) {
	number := 0
	err = r.listOf(func() (err error) {
		defer func() { number++ }()
		if number == column && r.peek() == '"' {
			cell, err = r.string()
			return err
		}
		return r.skip()
	})
	return cell, err
}

// secretObject adds a Secret with its metadata and nothing else of it.
func (r *jsonReader) secretObject(typ string) error {
	r.begin(secretType)
	err := r.fields(func(name string) error {
		if name == "metadata" && r.peek() == '{' {
			return r.metadata(r.secretMetadataField)
		}
		return r.skip()
	})
	if typ != "" {
		r.to.String("type", typ, graph.Position{})
	}
	r.to.Close()
	return err
}

func (r *jsonReader) secretMetadataField(name string) error {
	if name != "annotations" || r.peek() != '{' {
		return r.value(name)
	}
	r.to.OpenMap(name, graph.Position{})
	err := r.fields(func(key string) error {
		if r.peek() != '"' {
			return r.skip()
		}
		value, err := r.string()
		if err == nil && !mayHoldValues(key, value) {
			r.to.String(key, value, graph.Position{})
		}
		return err
	})
	r.to.Close()
	return err
}

// mayHoldValues reports whether an annotation can be a copy of the Secret that
// a tool keeps to compare with: kubectl in JSON, others in YAML or packed (gzip
// in base64 begins with H4sI). Whatever is long is taken for one too.
func mayHoldValues(key, value string) bool {
	const longestNote = 512
	if strings.Contains(key, "last-applied") || strings.HasSuffix(key, "/applied") {
		return true
	}
	value = strings.TrimSpace(value)
	return len(value) > longestNote || strings.Contains(value, "\n") ||
		strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[") || strings.HasPrefix(value, "H4sI")
}
