package yamldoc

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/graph"
)

// agree reads a document both ways. Where the fast reader is sure, the library
// must read the same, to the last position.
func agree(t *testing.T, data []byte) (wasFast bool) {
	t.Helper()
	p := newParser(Limits{Nodes: 50_000}.WithDefaults(), Options{})
	in := part{data: data, skipped: 7}
	p.emitter.begin("file", in.skipped)
	if p.check(in) != nil {
		return false
	}
	isJSON := looksLikeJSON(data)
	got, ok := p.readFast(in, "file", isJSON)
	if !ok {
		return false
	}
	var docs []*graph.Document
	var err error
	if isJSON {
		docs, err = p.json(in)
	} else {
		var d *graph.Document
		d, err = p.yaml(data)
		docs = append(docs, d)
	}
	if err != nil || len(p.emitter.repeats) > 0 || len(docs) != 1 || docs[0] == nil {
		t.Fatalf("%q: the fast reader is sure, the library says %v, repeats %v, %d documents", data, err, p.emitter.repeats, len(docs))
	}
	if want := docs[0]; !bytes.Equal(graph.AppendDocument(nil, got), graph.AppendDocument(nil, want)) {
		t.Fatalf("%q:\nfast\n%s\nlibrary\n%s", data, dump(got.Root()), dump(want.Root()))
	}
	return true
}

func dump(v graph.Value) string {
	p := v.Position()
	out := fmt.Sprintf("%s %d %q %d:%d\n", v.Path(), v.Kind(), v.Text(), p.Line, p.Column)
	for _, f := range v.Fields() {
		out += dump(f)
	}
	for _, item := range v.Items() {
		out += dump(item)
	}
	return out
}

// fragments are put together at random by the fuzzer's seeds: each tries one
// rule, or one exception.
var fragments = []string{
	"a: 1\nb: two\n", "a:\n  b:\n    c: d\n", "a:\n- 1\n- 2\nb: 3\n", "a:\n  - 1\n  - b: 2\n    c: 3\n", "- a\n- b: 1\n  c:\n  - d\n", "-\n  a: 1\n-\n  - b\n",
	"a: \"x\\ty\\u00e9\\\"\"\n", "a: 'it''s'\n", "\"q\": 1\n'r': 2\n", "a: {b: 1, \"c\":2, 'd': [x, 'y', \"z\"]}\n", "a: []\nb: {}\n", "a: [1,\n  2,\n {b: c}]\n",
	"a: |\n  one\n   two\n\n  three\nb: 1\n", "a: |-\n  x\n\n\nb: 1\n", "a: |+\n  x\n\n\nb: 1\n", "- |\n x\n- y\n", "a: |\n  # no comment\n# comment\nb: 1\n", "a: |\n\tx\n", "a: |\n\n  x\n", "a: |\n  x",
	"# c\na: 1 # c\n\n# d\nb: # e\n  # f\n  c: 2\n", "---\na: 1\n", "--- # c\na: 1\n", "--- a\n", "  a: 1\n  b: 2\n", "a: x # y\nb: x#y\nc: '#'\n",
	"{\"a\": [1, 2.5, true, null, \"\\u003c\"], \"b\": {\"c\": {}}}\n", "{\n\t\"a\": 1,\n\t\"b\": [\n\t\t\"c\"\n\t]\n}\n", "[1, {\"a\": 2}]\n", "{\"é\": 1, \"b\": {\"c\": 2}}\n", "{\"a\": 1e400}\n", "{\"a\": 012}\n", "{\"a\": x}\n", "{a: x}\n",
	"é: 1\n", "a: é\nb: {é: 1, c: 2}\n", "on: 1\n1: 2\n1.5: x\ntrue: y\n", "a: yes\nb: 0644\nc: 1e3\nd: .5\ne: 1_0\nf: 2001-01-01\ng: ~\nh:\n", "a: -1\nb: --x\nc: -x\nd: +1\n",
	"a: b: c\n", "a: b:\n", "a: http://x\n", "a: x\n  y\n", "a:\n  x\n", "a: 1\n b: 2\n", "a:\n   b: 1\n  c: 2\n", "a: 1\na: 2\n", "<<: {a: 1}\n", "a: *b\n", "a: &b 1\n", "a: !!str 1\n", "? a\n: b\n", "a: >\n  x\n", "a: [x, y,]\n", "a: [x: 1]\n", "a: [,]\n", "a: {b}\n", "a: {b: }\n",
	"a: [x\n,y]\n", "a: [\n1]\nb: 2\n", "a: {b:\n 1}\n", "a: {\"b\"\n: 1}\n", "a: [#c\n1]\n", "a: [1 #c\n]\n", "a: 'x\n y'\n", "a: \"x\n y\"\n", "a: @x\n", "a: %x\n", "a: `x\n", "a: =\n", "a: - x\n", "- - x\n", "- ? x\n", "-x: 1\n", "- \n", "a:\n-\n", "a:\n- \n  b: 1\n",
	"a:\tb\n", "a: b\t\n", "\ta: 1\n", "a: \"\t\"\n", "a: [\t1\t]\n", "a : 1\n", "a:b\n", "a:  1  \nb:   \n", "\n\n\na: 1\n\n\n", "a: 1", "a:", "- 1", "a: [1]", "a: 'x'", "a: x:y z\n", "a: [a b, c d ]\n", "a: {b c: d}\n", "a: {b.c/d: e}\n", "a: [-1, - 1]\n", "a: [+1, ~, .5]\n",
	"key with space: 1\n", "a: \"\\q\"\n", "a: \"\\ud83d\"\n", "a: \"\\x41\"\n", "a: \"\\\n  b\"\n", "a: ''\nb: \"\"\n", "a: x\u2028y\n", "a: \u0085\n", "a: \uFEFF\n", "a: x \n", "%YAML 1.1\n---\na: 1\n", "a: 1\n...\n", "a: {b: [c, {d: e}], f: g}\n", "a:\n  - b\n  -\n    c: 1\nd: 2\n", "a: [1]]\n", "a: {b: 1}}\n", "a: [1}\n", "a: \"x\" y\n", "a: 'x'#y\n", "a: [1]#y\n", "a: [1] #y\n",
	"a:\n  - 1\n b: 2\n", "a:\n  b: 1\n- c\n", "- a: 1\n b: 2\n", "- a: 1\n   b: 2\n", "a: |x\n  y\n", "a: |2\n  y\n", "a: | # c\n  y\n", "a:\n  |\n  x\n", "a: 1 2 3\n", "a: ,x\n", "a: x,y\n", "a: x]y\n", "a: x{y\n", "a: \"a\": b\n", "[] #", "a: \"\\/\"\n", "{\"a\": \"\\/\"}\n", "a: \"\\b\\f\\r\\n\"\n", "0: [0?]", "0: [?]", "a: {b: c?}\n", "0: [0\n\t]", "a: [1\n \t,2]\n", "{\n\t'a': 1}\n", "{} # c\n",
}

func TestFastReaderAgrees(t *testing.T) {
	fast := 0
	for _, one := range fragments {
		if agree(t, []byte(one)) {
			fast++
		}
		for _, two := range fragments {
			agree(t, []byte(one+two))
			agree(t, []byte("p:\n  "+strings.ReplaceAll(strings.TrimSuffix(one, "\n"), "\n", "\n  ")+"\n"+two))
			agree(t, []byte("p:\n- "+strings.ReplaceAll(strings.TrimSuffix(one, "\n"), "\n", "\n  ")+"\n- "+strings.ReplaceAll(two, "\n", "\n  ")))
		}
	}
	if fast < len(fragments)/3 {
		t.Errorf("the fast reader took only %d of %d fragments", fast, len(fragments))
	}
}

// TestFastReaderTakesManifests reads the manifests of this repository: the
// fast reader is of use only if it takes nearly all of them.
func TestFastReaderTakesManifests(t *testing.T) {
	all, fast := 0, 0
	err := filepath.WalkDir("../../../../examples/burrito-shop", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" || strings.Contains(path, "templates") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for doc := range bytes.SplitSeq(data, []byte("\n---\n")) {
			all++
			if agree(t, append(doc, '\n')) {
				fast++
			}
		}
		return nil
	})
	if err != nil || all == 0 || fast*10 < all*9 {
		t.Errorf("the fast reader took %d of %d documents, %v", fast, all, err)
	}
}

func FuzzFastReader(f *testing.F) {
	for _, text := range fragments {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) { agree(t, data) })
}
