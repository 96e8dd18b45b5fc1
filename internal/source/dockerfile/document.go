package dockerfile

import (
	"github.com/foilsec/foil/internal/graph"
)

// Kind is the kind of node that a file becomes.
const Kind graph.Kind = "dockerfile"

// ID is the identity of the file of a name.
func ID(name string) graph.NodeID { return graph.KeyedID(string(Kind), name) }

// Parse reads the text of a file. Positions in the document carry the name.
//
// The document holds the name as "path"; "arguments", which stand before the
// first FROM; and "stages", each with "from" (as written), "image" (with
// arguments filled in) or "stage" (the number of the stage that it builds on),
// "name", "platform", "end", the last line of FROM, and "instructions". An
// instruction has "keyword", "text", "flags", "exec", "variables", "heredocs" and
// "end", its last line; ONBUILD has the other one as "trigger".
func Parse(name string, data []byte) (graph.Value, error) {
	r, err := parse(data)
	if err != nil {
		return graph.Value{}, err
	}
	w := &writer{name: name}
	w.recipe(r)
	document, err := w.Finish()
	if err != nil {
		return graph.Value{}, err
	}
	return document.Root(), nil
}

type writer struct {
	graph.DocumentBuilder
	name string
}

// at is the place of a byte of an instruction.
func (w *writer) at(in *instruction, offset int) graph.Position {
	p := in.position(offset)
	p.File = w.name
	return p
}

func (w *writer) recipe(r *recipe) {
	top := graph.Position{File: w.name, Line: 1, Column: 1}
	w.OpenMap("", top)
	w.String("path", w.name, top)
	w.OpenList("arguments", top)
	for i, p := range r.arguments {
		w.pair(r.origin[i], p)
	}
	w.Close()
	w.OpenList("stages", top)
	for _, s := range r.stages {
		w.stage(s)
	}
	w.Close()
	w.Close()
}

func (w *writer) pair(in *instruction, p pair) {
	at := w.at(in, p.offset)
	w.OpenMap("", at)
	w.String("name", p.name, at)
	if p.set {
		w.String("value", p.value, at)
	}
	w.Close()
}

func (w *writer) stage(s *stage) {
	at := w.at(s.from, 0)
	w.OpenMap("", at)
	word := w.at(s.from, s.word.offset)
	w.String("from", s.word.raw, word)
	if s.image != "" {
		w.String("image", s.image, word)
	}
	if s.base >= 0 {
		w.Int("stage", int64(s.base), word)
	}
	if s.name != "" {
		w.String("name", s.name, at)
	}
	if s.platform != "" {
		w.String("platform", s.platform, at)
	}
	w.Int("end", int64(s.from.end), at)
	w.OpenList("instructions", at)
	for _, in := range s.steps {
		w.instruction("", in)
	}
	w.Close()
	w.Close()
}

func (w *writer) instruction(key string, in *instruction) {
	at := w.at(in, in.start)
	w.OpenMap(key, at)
	w.String("keyword", in.keyword, at)
	w.String("text", in.text[in.arguments:], w.at(in, in.arguments))
	w.Int("end", int64(in.end), at)
	w.list("flags", at, len(in.flags), func(i int) { w.String("", in.flags[i].text, w.at(in, in.flags[i].offset)) })
	w.list("exec", at, len(in.exec), func(i int) { w.String("", in.exec[i], w.at(in, in.arguments)) })
	w.list("variables", at, len(in.pairs), func(i int) { w.pair(in, in.pairs[i]) })
	w.list("heredocs", at, len(in.docs), func(i int) {
		w.String("", in.docs[i].text, graph.Position{File: w.name, Line: in.docs[i].line, Column: 1})
	})
	if in.trigger != nil {
		w.instruction("trigger", in.trigger)
	}
	w.Close()
}

// list writes a list that is not empty.
func (w *writer) list(key string, at graph.Position, length int, item func(int)) {
	if length == 0 {
		return
	}
	w.OpenList(key, at)
	for i := range length {
		item(i)
	}
	w.Close()
}
