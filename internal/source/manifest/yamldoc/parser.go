package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/graph"
)

// parser turns the text of one part into documents. It keeps its memory from
// one part to the next.
type parser struct {
	limits  Limits
	options Options
	builder graph.DocumentBuilder
	emitter emitter
	fast    fastReader
	largest int
}

func newParser(limits Limits, options Options) *parser {
	p := &parser{limits: limits, options: options}
	p.emitter = emitter{builder: &p.builder, limits: limits}
	p.fast = fastReader{builder: &p.builder, limits: limits}
	return p
}

// small reports whether the parser is worth keeping: one that has read a huge
// document holds on to huge buffers.
func (p *parser) small() bool {
	const most = 50_000
	return p.largest <= most
}

// parse reads a part into its slot.
func (p *parser) parse(in part, file string, out *parsed) {
	documents, err := p.documents(in, file)
	for _, repeat := range p.emitter.repeats {
		out.gaps = append(out.gaps, repeat.gap(file, in.skipped))
	}
	switch {
	case errors.Is(err, errForeign):
		out.others++
	case err != nil:
		cause := asProblem(err)
		out.gaps, out.overLimit = append(out.gaps, cause.gap(file, in.skipped)), out.overLimit || cause.limit
	}
	for _, d := range documents {
		p.largest = max(p.largest, d.Len())
		if in.elements {
			p.elements(d.Root(), file, out)
		} else {
			p.deliver(d, out)
		}
	}
}

// deliver unrolls lists and leaves out what is not wanted.
func (p *parser) deliver(d *graph.Document, out *parsed) {
	if isList(d.Root()) {
		p.unroll(d.Root(), out)
		return
	}
	if !IsObject(d) {
		out.others++
		if p.options.ObjectsOnly {
			return
		}
	}
	out.documents = append(out.documents, d)
}

// documents reads all values of the part: one of YAML, any number of JSON. A
// parser of a library that panics on hostile input must not end the scan.
func (p *parser) documents(in part, file string) (docs []*graph.Document, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			p.builder = graph.DocumentBuilder{}
			docs, err = nil, &problem{line: 1, reason: fmt.Sprintf("the YAML parser failed: %s", shorten(fmt.Sprint(cause)))}
		}
	}()
	p.emitter.begin(file, in.skipped)
	if err := p.check(in); err != nil {
		return nil, err
	}
	isJSON := looksLikeJSON(in.data)
	if d, ok := p.readFast(in, file, isJSON); ok {
		return []*graph.Document{d}, nil
	}
	if isJSON {
		return p.json(in)
	}
	d, err := p.yaml(in.data)
	if d == nil || err != nil {
		return nil, err
	}
	return []*graph.Document{d}, nil
}

// readFast reads a document that keeps to what is common.
func (p *parser) readFast(in part, file string, json bool) (*graph.Document, bool) {
	ok := p.fast.read(string(in.data), file, in.skipped, json)
	d, err := p.builder.Finish() // which makes the builder ready again, too
	return d, ok && err == nil
}

func (p *parser) check(in part) error {
	if in.tooLong {
		return limitAt(&yaml.Node{Line: 1}, "a document larger than %s; it was not scanned", sizeText(int64(p.limits.DocumentBytes)))
	}
	if i := bytes.IndexByte(in.data, 0); i >= 0 {
		return problemIn(in.data, i, "a NUL byte; YAML and JSON are text")
	}
	if utf8.Valid(in.data) {
		return nil
	}
	return problemIn(in.data, firstInvalid(in.data), "not valid UTF-8, which Kubernetes needs; convert the file")
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return len(data)
}

// problemIn makes a problem at an offset of the text.
func problemIn(data []byte, offset int, reason string) *problem {
	counter := jsonReader{data: data, line: 1, column: 1}
	line, column := counter.position(offset)
	return &problem{line: line, column: column, reason: reason}
}

// json reads the values of a part that begins like JSON. If it is no JSON
// after all, as a YAML map in braces, it is read as YAML.
func (p *parser) json(in part) ([]*graph.Document, error) {
	reader := newJSONReader(in.data, p.limits)
	var docs []*graph.Document
	for {
		root, err := reader.next()
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return p.notJSON(in, docs, reader, err)
		}
		d, err := p.emit(root)
		if err != nil {
			return docs, err
		}
		docs = append(docs, d)
	}
}

func (p *parser) notJSON(in part, docs []*graph.Document, reader *jsonReader, err error) ([]*graph.Document, error) {
	var limit *problem
	if errors.As(err, &limit) {
		return docs, err
	}
	if d, yamlErr := p.yaml(in.data); yamlErr == nil && d != nil {
		return []*graph.Document{d}, nil
	}
	if p.options.SkipForeign && !bytes.Contains(in.data, []byte("apiVersion")) {
		return docs, errForeign
	}
	return docs, reader.problem(err)
}

// errForeign marks broken JSON that is no manifest.
var errForeign = errors.New("broken JSON of another program")

// yaml reads the document of a part; nil if it is empty.
func (p *parser) yaml(data []byte) (*graph.Document, error) {
	if most := valuesAtMost(data); most > p.limits.Nodes {
		return nil, limitAt(&yaml.Node{Line: 1}, "a document with up to %d values, more than %d; it was not scanned; split it", most, p.limits.Nodes)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, syntaxProblem(data, err)
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) == 0 {
		return nil, nil
	}
	content := root.Content[0]
	if content.Kind == yaml.ScalarNode && content.Value == "" && content.Style == 0 {
		return nil, nil
	}
	d, err := p.emit(content)
	if err == nil {
		return d, nil
	}
	cause := asProblem(err)
	if !cause.limit {
		cause.reason += templateHint(data)
	}
	return nil, cause
}

func (p *parser) emit(root *yaml.Node) (*graph.Document, error) {
	err := p.emitter.document(root)
	if err != nil {
		// Finish drops what was written before the problem.
		_, _ = p.builder.Finish()
		return nil, err
	}
	return p.builder.Finish()
}

// valuesAtMost bounds the number of values in a text from above without
// parsing: each begins after one of these bytes. The parser of the library
// takes some 200 bytes for a value and can't be told to stop.
func valuesAtMost(data []byte) int {
	n := 1
	for _, c := range []byte(",:[{-?\n") {
		n += bytes.Count(data, []byte{c})
	}
	return n
}
