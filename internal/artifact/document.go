package artifact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/foilsec/foil/internal/graph"
)

const timeForm = time.RFC3339

// documentOf turns JSON of our own making into a document without positions.
func documentOf(b *graph.DocumentBuilder, text []byte) (*graph.Document, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := value(b, decoder, ""); err != nil {
		return nil, err
	}
	return b.Finish()
}

func value(b *graph.DocumentBuilder, d *json.Decoder, key string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case string:
		b.String(key, t, graph.Position{})
	case bool:
		b.Bool(key, t, graph.Position{})
	case json.Number:
		return number(b, key, t)
	case nil:
		b.Null(key, graph.Position{})
	case json.Delim:
		if t == '{' {
			b.OpenMap(key, graph.Position{})
			return fields(b, d)
		}
		b.OpenList(key, graph.Position{})
		return elements(b, d)
	}
	return nil
}

func number(b *graph.DocumentBuilder, key string, n json.Number) error {
	if i, err := n.Int64(); err == nil {
		b.Int(key, i, graph.Position{})
		return nil
	}
	f, err := n.Float64()
	if err != nil {
		return fmt.Errorf("number %s: %w", n, err)
	}
	b.Float(key, f, graph.Position{})
	return nil
}

func fields(b *graph.DocumentBuilder, d *json.Decoder) error {
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if err := value(b, d, name.(string)); err != nil {
			return err
		}
	}
	return closing(b, d)
}

func elements(b *graph.DocumentBuilder, d *json.Decoder) error {
	for d.More() {
		if err := value(b, d, ""); err != nil {
			return err
		}
	}
	return closing(b, d)
}

func closing(b *graph.DocumentBuilder, d *json.Decoder) error {
	_, err := d.Token()
	b.Close()
	return err
}
