package yamldoc

import (
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// isList reports whether a value is a list of objects, as `kubectl get` prints
// them: kind List, or the list kind of any other kind.
func isList(root graph.Value) bool {
	return strings.HasSuffix(root.Get("kind").Str(), "List") && root.Get("apiVersion").Str() != "" &&
		root.Get("items").Kind() == graph.List && !root.Get("spec").Exists()
}

// unroll makes a document of each element of a list. Elements of a typed list
// may leave out their own kind: the list names it.
func (p *parser) unroll(list graph.Value, out *parsed) {
	for _, item := range list.Get("items").Items() {
		if isList(item) {
			p.unroll(item, out)
			continue
		}
		if d := p.element(list, item); d != nil {
			p.deliver(d, out)
		}
	}
}

// elements delivers some elements of a list that was too long to be read as a
// whole. Its own kind was not read, so the elements must name theirs.
func (p *parser) elements(list graph.Value, file string, out *parsed) {
	for _, item := range list.Items() {
		d := p.element(list, item)
		if d == nil {
			continue
		}
		if item.Kind() == graph.Map && !IsObject(d) {
			out.gaps = append(out.gaps, graph.Gap{Subject: file, Position: item.Position(), Reason: fmt.Sprintf(
				"an element without kind in a list of more than %s, which is read in pieces; it was not scanned; give each element its apiVersion and kind", sizeText(listBytes))})
		}
		p.deliver(d, out)
	}
}

func (p *parser) element(list, item graph.Value) *graph.Document {
	kind := strings.TrimSuffix(list.Get("kind").Str(), "List")
	if kind == "" || item.Kind() != graph.Map || item.Get("kind").Exists() {
		p.builder.Copy("", item)
	} else {
		p.builder.OpenMap("", item.Position())
		if !item.Get("apiVersion").Exists() {
			p.builder.Copy("apiVersion", list.Get("apiVersion"))
		}
		p.builder.String("kind", kind, list.Get("kind").Position())
		for name, field := range item.Fields() {
			p.builder.Copy(name, field)
		}
		p.builder.Close()
	}
	// Elements of a document that was well-formed are well-formed themselves.
	d, err := p.builder.Finish()
	if err != nil {
		return nil
	}
	return d
}
