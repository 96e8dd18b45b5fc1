package yamledit_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/fix/yamledit"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// writer writes random objects in random styles.
type writer struct {
	*rand.Rand
	b      strings.Builder
	eol    string
	width  int
	dash   int
	depth  int
	number int
}

func newWriter(seed uint64) *writer {
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 7)), eol: "\n"}
	if w.IntN(5) == 0 {
		w.eol = "\r\n"
	}
	w.width, w.dash = 2+2*w.IntN(2), 2*w.IntN(2)
	return w
}

func (w *writer) pick(list ...string) string { return list[w.IntN(len(list))] }

// stream writes a few documents.
func (w *writer) stream() []byte {
	if w.IntN(8) == 0 {
		w.b.WriteString("\xEF\xBB\xBF")
	}
	for i := range 1 + w.IntN(3) {
		if i > 0 {
			w.b.WriteString("---" + w.pick("", " # next", " ") + w.eol)
		}
		w.comment(0)
		fmt.Fprintf(&w.b, "apiVersion: v1%skind: Thing%smetadata: {name: a%d}%s", w.eol, w.eol, i, w.eol)
		for range 1 + w.IntN(4) {
			w.field(0)
		}
	}
	text := w.b.String()
	if w.IntN(4) == 0 {
		text = strings.TrimRight(text, "\r\n \t")
	}
	return []byte(text)
}

func (w *writer) comment(indent int) {
	switch w.IntN(8) {
	case 0:
		w.b.WriteString(strings.Repeat(" ", indent) + "# comment: [x" + w.eol)
	case 1:
		w.b.WriteString(w.pick("", "   ") + w.eol)
	}
}

func (w *writer) tail() string { return w.pick("", "", "", " # tail", "  ") + w.eol }

func (w *writer) key() string {
	w.number++
	name := fmt.Sprintf("k%d", w.number)
	return w.pick(name, name, name, `"`+name+`"`, `'`+name+`'`, "a.b/"+name, "键"+name)
}

func (w *writer) scalar() string {
	return w.pick("true", "12", "text", `"quo\"ted # no"`, `'single ''x'' '`, "null", "two words", "a:b", "0644", "1.5", "~", `"é"`, "玉米", "-x", `""`)
}

// field writes a field of a map whose keys are indented.
func (w *writer) field(indent int) {
	w.comment(indent)
	w.b.WriteString(strings.Repeat(" ", indent))
	w.rest(indent)
}

// rest writes key and value after the indentation.
func (w *writer) rest(indent int) {
	w.b.WriteString(w.key() + w.pick("", "", " ") + ":")
	w.depth++
	defer func() { w.depth-- }()
	switch choice := w.IntN(10); {
	case choice < 3 && w.depth < 5:
		w.b.WriteString(w.tail())
		for range 1 + w.IntN(3) {
			w.field(indent + w.width)
		}
	case choice < 5 && w.depth < 5:
		w.b.WriteString(w.tail())
		w.items(indent + w.dash)
	case choice == 5:
		w.b.WriteString(" " + w.flow(2, "") + w.tail())
	case choice == 6:
		w.b.WriteString(" " + w.flow(2, strings.Repeat(" ", indent)) + w.tail())
	case choice == 7:
		w.b.WriteString(" " + w.pick("|", ">-", "|+", "|-") + w.tail())
		pad := strings.Repeat(" ", indent+w.width)
		w.b.WriteString(pad + "line: one" + w.eol + w.eol + pad + "  # two" + w.eol + w.pick("", w.eol))
	case choice == 8:
		w.b.WriteString(w.tail())
	default:
		w.b.WriteString(w.pick(" ", "  ", "\t") + w.scalar() + w.tail())
	}
}

func (w *writer) items(indent int) {
	for range 1 + w.IntN(3) {
		w.comment(indent)
		w.b.WriteString(strings.Repeat(" ", indent) + "-")
		switch choice := w.IntN(6); {
		case choice < 3:
			gap := 1 + 2*w.IntN(2)
			w.b.WriteString(strings.Repeat(" ", gap))
			w.rest(indent + 1 + gap)
			for range w.IntN(3) {
				w.field(indent + 1 + gap)
			}
		case choice == 3:
			w.b.WriteString(" " + w.flow(1, "") + w.tail())
		default:
			w.b.WriteString(" " + w.scalar() + w.tail())
		}
	}
}

// flow writes a value in brackets, over several lines when given an
// indentation.
func (w *writer) flow(depth int, indent string) string {
	isMap := w.IntN(2) == 0
	var parts []string
	for range w.IntN(4) {
		value := w.pick("true", "12", "text", `"quo\"ted # no"`, "null", `'x'`)
		if depth > 0 && w.IntN(3) == 0 {
			value = w.flow(depth-1, "")
		}
		if isMap {
			value = strings.ReplaceAll(w.key(), "/", "") + ": " + value
		}
		parts = append(parts, value)
	}
	left, right := "[", "]"
	if isMap {
		left, right = "{", "}"
	}
	if indent == "" || len(parts) == 0 {
		return left + w.pick("", " ") + strings.Join(parts, w.pick(",", ", ")+" ") + w.pick("", " ") + right
	}
	var b strings.Builder
	b.WriteString(left)
	for i, part := range parts {
		b.WriteString(w.eol + indent + "    " + part)
		if i < len(parts)-1 || w.IntN(3) == 0 {
			b.WriteString(",")
		}
		b.WriteString(w.pick("", "", " # c, ]"))
	}
	return b.String() + w.eol + indent + "  " + right
}

// edits are random edits of an object, on fields that it has and others.
func (w *writer) edits(object graph.Value) (fixes []finding.Fix) {
	var places []graph.Value
	collect(object, &places)
	for range min(len(places), 1+w.IntN(5)) {
		v := places[w.IntN(len(places))]
		value := w.pick("false", "3", "text", "{type: RuntimeDefault}", "[ALL]", "{a: {b: [c, {d: e}]}}", "'quo: ted'", "[]", "{}", "null")
		path := v.Path()
		switch w.IntN(5) {
		case 0:
			fixes = append(fixes, finding.Fix{Operation: finding.Delete, Path: path})
		case 1:
			fixes = append(fixes, finding.Fix{Operation: finding.Append, Path: path, Value: value})
		case 2:
			if v.Kind() == graph.List && v.Len() > 0 {
				value = inlineValue(v.Item(w.IntN(v.Len())))
			}
			fixes = append(fixes, finding.Fix{Operation: finding.Remove, Path: path, Value: value})
		case 3:
			fixes = append(fixes, finding.Fix{Operation: finding.Set, Path: path, Value: value})
		case 4:
			if v.Kind() != graph.List {
				path = v.PathTo("new", w.pick("x", "y.z", ""))
			}
			fixes = append(fixes, finding.Fix{Operation: finding.Set, Path: path, Value: value})
		}
	}
	return fixes
}

func inlineValue(v graph.Value) string {
	if v.Kind() == graph.String {
		return fmt.Sprintf("%q", v.Str())
	}
	if v.Kind() == graph.Map || v.Kind() == graph.List {
		return "{never: there}"
	}
	return v.Text()
}

func collect(v graph.Value, into *[]graph.Value) {
	for key, f := range v.Fields() {
		if key != "apiVersion" && key != "kind" && key != "metadata" {
			*into = append(*into, f)
			collect(f, into)
		}
	}
	for _, item := range v.Items() {
		*into = append(*into, item)
		collect(item, into)
	}
}

func TestRandomEdits(t *testing.T) {
	made, refused := 0, 0
	for seed := range uint64(1500) {
		w := newWriter(seed)
		text := w.stream()
		docs, gaps := yamldoc.DecodeBytes(context.Background(), text, "f", yamldoc.Limits{})
		if len(gaps) > 0 || len(docs) == 0 {
			t.Fatalf("seed %d: the test writes broken YAML: %v\n%s", seed, gaps, text)
		}
		m, r := tryEdits(t, text, docs, w)
		if made, refused = made+m, refused+r; t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if t.Logf("%d edits made, %d refused", made, refused); refused > made/20 {
		t.Errorf("too many edits were refused")
	}
}

// tryEdits makes random edits of a random object and checks what must be true.
func tryEdits(t *testing.T, text []byte, docs []*graph.Document, w *writer) (made, refused int) {
	t.Helper()
	which := w.IntN(len(docs))
	object := docs[which].Root()
	// What has the kind of a list is one once its items are there.
	if object.Len() <= 3 || strings.HasSuffix(object.Get("kind").Str(), "List") {
		return 0, 0
	}
	var edits []yamledit.Edit
	at := object.Position()
	fixes := w.edits(object)
	for i, f := range fixes {
		e, err := patch.ParseEdit(f)
		if err != nil {
			t.Fatalf("fix %+v: %v", f, err)
		}
		edits = append(edits, yamledit.Edit{Owner: i, At: yamledit.Place{Line: at.Line, Column: at.Column}, Edit: e})
	}
	result := yamledit.Open(text, yamledit.Options{}).Apply(edits)
	complain := func(format string, args ...any) {
		t.Errorf("%s\nfixes: %+v\nfailed: %v\nbefore:\n%s\nafter:\n%s", fmt.Sprintf(format, args...), fixes, result.Failed, text, result.Data)
	}
	want, ok := expected(object, edits, result.Failed)
	if !ok {
		complain("the model refuses what the text allows")
		return
	}
	after, gaps := yamldoc.DecodeBytes(context.Background(), result.Data, "f", yamldoc.Limits{})
	if len(gaps) > 0 || len(after) != len(docs) {
		complain("%d objects became %d: %v", len(docs), len(after), gaps)
		return
	}
	for i, d := range after {
		if i == which && !patch.SameModel(d.Root().Any(), want) {
			complain("got  %#v\nwant %#v", d.Root().Any(), want)
		}
		if i != which && !graph.Equal(d.Root(), docs[i].Root()) {
			complain("object %d changed", i)
		}
	}
	if w.number > 0 { // the text is its own
		checkOutside(text, docs, which, result, complain)
	}
	if again := repeat(result, edits, after[which]); len(again.Splices) > 0 {
		complain("made again, the text becomes:\n%s", again.Data)
	}
	for _, err := range result.Failed {
		if strings.Contains(err.Error(), "around the field") || strings.Contains(err.Error(), "form of YAML") {
			refused++
		}
	}
	return len(fixes) - len(result.Failed), refused
}

// expected is the object after the edits that were made.
func expected(object graph.Value, edits []yamledit.Edit, failed map[int]error) (any, bool) {
	var tree patch.Tree
	for i, e := range edits {
		if failed[i] == nil && tree.Add(i, e.Edit) != nil {
			return nil, false
		}
	}
	want, err := tree.Apply(object.Any())
	return want, err == nil
}

// checkOutside holds the splices to the document that they are about.
func checkOutside(text []byte, docs []*graph.Document, which int, r yamledit.Result, complain func(string, ...any)) {
	first := lineOffset(text, docs[which].Root().Position().Line)
	last := len(text)
	if which+1 < len(docs) {
		last = lineOffset(text, docs[which+1].Root().Position().Line)
		last = bytes.LastIndex(text[:last], []byte("---"))
	}
	for _, s := range r.Splices {
		if s.Start < first || s.End > last {
			complain("splice %d-%d is outside of the document %d-%d", s.Start, s.End, first, last)
		}
	}
}

func lineOffset(text []byte, line int) int {
	offset := 0
	for range line - 1 {
		offset += bytes.IndexByte(text[offset:], '\n') + 1
	}
	return offset
}

// repeat makes the edits again that are still about the same values.
func repeat(r yamledit.Result, edits []yamledit.Edit, after *graph.Document) yamledit.Result {
	at := after.Root().Position()
	var again []yamledit.Edit
	for i, e := range edits {
		if r.Failed[i] != nil {
			continue
		}
		e.At = yamledit.Place{Line: at.Line, Column: at.Column}
		again = append(again, e)
	}
	if slices.ContainsFunc(edits, shifts) {
		return yamledit.Result{}
	}
	return yamledit.Open(r.Data, yamledit.Options{}).Apply(again)
}

// shifts reports whether an edit moves elements of a list that others may name.
func shifts(e yamledit.Edit) bool {
	last := e.Path[len(e.Path)-1]
	return e.Operation == finding.Delete && last.InList || e.Operation == finding.Remove
}
