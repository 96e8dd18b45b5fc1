package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// DocumentOf turns content of our own making into a document without
// positions, by way of its JSON form.
func DocumentOf(content any) (*Document, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var b DocumentBuilder
	if err := b.json(decoder, ""); err != nil {
		return nil, err
	}
	return b.Finish()
}

// Decode reads a value into what DocumentOf was given.
func (v Value) Decode(into any) error {
	text, err := json.Marshal(v.Any())
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

func (b *DocumentBuilder) json(d *json.Decoder, key string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case string:
		b.String(key, t, Position{})
	case bool:
		b.Bool(key, t, Position{})
	case json.Number:
		return b.number(key, t)
	case nil:
		b.Null(key, Position{})
	case json.Delim:
		if t == '{' {
			b.OpenMap(key, Position{})
			return b.fields(d)
		}
		b.OpenList(key, Position{})
		return b.elements(d)
	}
	return nil
}

func (b *DocumentBuilder) number(key string, n json.Number) error {
	if i, err := n.Int64(); err == nil {
		b.Int(key, i, Position{})
		return nil
	}
	f, err := n.Float64()
	if err != nil {
		return fmt.Errorf("number %s: %w", n, err)
	}
	b.Float(key, f, Position{})
	return nil
}

func (b *DocumentBuilder) fields(d *json.Decoder) error {
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if err := b.json(d, name.(string)); err != nil {
			return err
		}
	}
	return b.closing(d)
}

func (b *DocumentBuilder) elements(d *json.Decoder) error {
	for d.More() {
		if err := b.json(d, ""); err != nil {
			return err
		}
	}
	return b.closing(d)
}

func (b *DocumentBuilder) closing(d *json.Decoder) error {
	_, err := d.Token()
	b.Close()
	return err
}
