package yamldoc

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/graph"
)

// emitter writes trees of YAML nodes into a document builder: aliases and
// merge keys are expanded, scalars get their meaning, limits are kept.
type emitter struct {
	builder *graph.DocumentBuilder
	file    string
	skipped int // lines of the file before the document
	limits  Limits
	spent   int          // values written, and fields looked at by merge keys
	aliases []*yaml.Node // those being expanded, the outermost first
	repeats []problem    // fields that are set twice
	fields  []field      // stack of the fields of the maps being written
}

// begin makes the emitter ready for the documents of a part.
func (e *emitter) begin(file string, skipped int) {
	e.file, e.skipped = file, skipped
	e.repeats = e.repeats[:0]
}

// document writes a whole tree.
func (e *emitter) document(root *yaml.Node) error {
	e.spent, e.aliases, e.fields = 0, e.aliases[:0], e.fields[:0]
	return e.value("", root, root, 1)
}

// value writes a node under a name; at is the node whose position counts: the
// key of a field, the element of a list.
func (e *emitter) value(name string, at, n *yaml.Node, depth int) error {
	if err := e.spend(n); err != nil {
		return err
	}
	if depth > e.limits.Depth {
		return limitAt(n, "nested deeper than %d levels; no Kubernetes object is", e.limits.Depth)
	}
	switch n.Kind {
	case yaml.MappingNode:
		return e.mapping(name, at, n, depth)
	case yaml.SequenceNode:
		return e.sequence(name, at, n, depth)
	case yaml.AliasNode:
		return e.alias(name, at, n, depth)
	}
	return e.scalar(name, at, n)
}

func (e *emitter) spend(n *yaml.Node) error {
	if e.spent++; e.spent > e.limits.Nodes {
		if len(e.aliases) > 0 {
			n = e.aliases[0]
		}
		return limitAt(n, "more than %d values after aliases are expanded; this looks like an alias bomb", e.limits.Nodes)
	}
	return nil
}

func (e *emitter) mapping(name string, at, n *yaml.Node, depth int) error {
	set := fieldSet{first: len(e.fields)}
	defer func() { e.fields = e.fields[:set.first] }()
	if err := e.collect(n, &set, false, depth); err != nil {
		return err
	}
	e.builder.OpenMap(name, e.position(at))
	for i, end := set.first, len(e.fields); i < end; i++ {
		f := e.fields[i]
		if err := e.value(f.name, f.key, f.value, depth+1); err != nil {
			return err
		}
	}
	e.builder.Close()
	return nil
}

func (e *emitter) sequence(name string, at, n *yaml.Node, depth int) error {
	e.builder.OpenList(name, e.position(at))
	for _, item := range n.Content {
		if err := e.value("", item, item, depth+1); err != nil {
			return err
		}
	}
	e.builder.Close()
	return nil
}

// alias writes what the alias stands for. The position of the field itself is
// where it is used; the positions below it are where the anchor defines them.
func (e *emitter) alias(name string, at, n *yaml.Node, depth int) error {
	leave, err := e.enter(n)
	if err != nil {
		return err
	}
	defer leave()
	return e.value(name, at, n.Alias, depth)
}

// enter guards against an alias within its own anchor.
func (e *emitter) enter(n *yaml.Node) (leave func(), err error) {
	for _, open := range e.aliases {
		if open.Alias == n.Alias {
			return nil, limitAt(n, "alias *%s stands for something that holds the alias itself", shorten(n.Value))
		}
	}
	if len(e.aliases) >= e.limits.Depth {
		return nil, limitAt(n, "aliases nested deeper than %d levels", e.limits.Depth)
	}
	e.aliases = append(e.aliases, n)
	return func() { e.aliases = e.aliases[:len(e.aliases)-1] }, nil
}

func (e *emitter) scalar(name string, at, n *yaml.Node) error {
	v, err := scalarOf(n)
	if err != nil {
		return problemAt(n, err.Error())
	}
	v = v.asJSON()
	position := e.position(at)
	switch v.kind {
	case graph.Null:
		e.builder.Null(name, position)
	case graph.Bool:
		e.builder.Bool(name, v.truth, position)
	case graph.Int:
		e.builder.Int(name, v.integer, position)
	case graph.Float:
		if !isFinite(v.float) {
			return problemAt(n, fmt.Sprintf("the number %s can't be sent to Kubernetes, which speaks JSON", shorten(n.Value)))
		}
		e.builder.Float(name, v.float, position)
	default:
		e.builder.String(name, v.text, position)
	}
	return nil
}

func scalarOf(n *yaml.Node) (scalar, error) {
	switch {
	case n.Style&yaml.TaggedStyle != 0:
		return taggedScalar(n.Tag, n.Value)
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return textScalar(n.Value), nil
	}
	return plainScalar(n.Value), nil
}

func (e *emitter) position(n *yaml.Node) graph.Position {
	return graph.Position{File: e.file, Line: n.Line + e.skipped, Column: n.Column}
}

// problemAt makes a problem at the place of a node.
func problemAt(n *yaml.Node, reason string) *problem {
	return &problem{line: n.Line, column: n.Column, reason: reason}
}
