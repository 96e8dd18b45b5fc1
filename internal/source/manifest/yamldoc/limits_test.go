package yamldoc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// repeated is a stream of n times a text, made as it is read.
type repeated struct {
	text string
	n    int
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.n == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.text[r.at:])
	if r.at += n; r.at == len(r.text) {
		r.at, r.n = 0, r.n-1
	}
	return n, nil
}

const object = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"

func TestLimits(t *testing.T) {
	small := yamldoc.Limits{FileBytes: 4096, DocumentBytes: 200, Depth: 5, Nodes: 10, Documents: 20, Gaps: 3}
	tests := []struct {
		name, text string
		limits     yamldoc.Limits
		documents  int
		gaps       []string
	}{
		{"document too long", object + "---\n# long\nkind: A\n" + strings.Repeat("x: 1\n", 100) + "---\n" + object, small, 2, []string{"4: a document larger than 200 bytes; it was not scanned"}},
		{"one line too long", object + "---\na: " + strings.Repeat("x", 3000) + "\n---\n" + object, small, 2, []string{"4: a document larger than 200 bytes; it was not scanned"}},
		{"one JSON value too long", "{\"a\": 1}\n{\"a\": \"" + strings.Repeat("x", 3000) + "\"}\n{\"b\": 1}\n", small, 2, []string{"2: a document larger than 200 bytes; it was not scanned"}},
		{"depth", "a: {b: {c: {d: {e: 1}}}}\n---\na: {b: {c: {d: 1}}}\n", yamldoc.Limits{Depth: 5}, 1, []string{"1: nested deeper than 5 levels; no Kubernetes object is"}},
		{"depth of JSON", "[[[[[1]]]]]\n[[[[1]]]]\n", small, 1, []string{"1: nested deeper than 5 levels; no Kubernetes object is"}},
		{"values", "a: [1,2,3,4,5,6,7,8,9]\n---\na: [1,2,3,4,5,6,7]\n", small, 1, []string{"1: a document with up to 12 values, more than 10; it was not scanned; split it"}},
		{"values of JSON", "[1,2,3,4,5,6,7,8,9,10]\n[1,2,3,4,5,6,7]\n", small, 1, []string{"1: more than 10 values in one document"}},
		{"many commas but few values", "a: \"" + strings.Repeat(",", 50) + "\"\n", small, 1, nil},
		{"documents", strings.Repeat("a: 1\n---\n", 30), small, 20, []string{"40: more than 20 documents in one file; the rest was not scanned; split the file"}},
		{"broken documents", strings.Repeat("a: [\n---\n", 10) + object, small, 0, []string{
			"1: not valid YAML: did not find expected node content", "3: not valid YAML: did not find expected node content", "5: not valid YAML: did not find expected node content",
			"6: more than 3 broken documents in one file; the rest was not scanned"}},
		{"file too long", strings.Repeat(object+"---\n", 200), yamldoc.Limits{FileBytes: 1000}, 20, []string{"0: larger than 1000 bytes; the rest was not scanned; split the file"}},
		{"file just not too long", strings.Repeat("a: 1\n---\n", 100), yamldoc.Limits{FileBytes: 900}, 100, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, workers := range []int{1, 3} {
				result := yamldoc.NewDecoder(yamldoc.Options{Limits: test.limits, Workers: workers}).Decode(t.Context(), strings.NewReader(test.text), "file")
				if len(result.Documents) != test.documents {
					t.Errorf("%d documents", len(result.Documents))
				}
				if diff := cmp.Diff(test.gaps, reasonsOf(result.Gaps)); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// TestHugeStream reads a gigabyte of documents, and of one document without
// end, in little memory.
func TestHugeStream(t *testing.T) {
	other := "# no object\nvalues:\n  key: value\n---\n"
	long := strings.Repeat("x", 1<<16)
	for name, in := range map[string]io.Reader{
		"documents": &repeated{text: strings.Repeat(other, 2000), n: 1 << 14}, "lines": &repeated{text: "key: " + long + "\n", n: 1 << 14}, "one line": &repeated{text: long, n: 1 << 14},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			decoder := yamldoc.NewDecoder(yamldoc.Options{Limits: yamldoc.Limits{FileBytes: 64 << 20, Documents: 1 << 30}, ObjectsOnly: true})
			result := decoder.Decode(t.Context(), in, "file")
			if len(result.Documents) != 0 || len(result.Gaps) == 0 || len(result.Gaps) > 2 {
				t.Errorf("%d documents, gaps %v", len(result.Documents), result.Gaps)
			}
			runtime.ReadMemStats(&after)
			if most := uint64(250 << 20); after.Sys-before.Sys > most {
				t.Errorf("the process has taken %d MiB", (after.Sys-before.Sys)>>20)
			}
		})
	}
}

// failing is a stream that breaks off.
type failing struct{ io.Reader }

func (f failing) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = errors.New("the disk is gone")
	}
	return n, err
}

func TestBrokenStream(t *testing.T) {
	docs, gaps := yamldoc.Decode(t.Context(), failing{strings.NewReader(object + "---\n" + object)}, "file", yamldoc.Limits{})
	if diff := cmp.Diff([]string{"0: the disk is gone"}, reasonsOf(gaps)); diff != "" || len(docs) != 1 {
		t.Errorf("%d documents, %s", len(docs), diff)
	}
}

func TestCancelledStream(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	docs, gaps := yamldoc.Decode(ctx, strings.NewReader(object), "file", yamldoc.Limits{})
	if diff := cmp.Diff([]string{"0: stopped before the end of the file: context canceled"}, reasonsOf(gaps)); diff != "" || len(docs) != 0 {
		t.Error(diff)
	}
}

// TestOneTextManyForms writes the same objects in many ways: they must be the
// same objects.
func TestOneTextManyForms(t *testing.T) {
	item := func(i int) string {
		return fmt.Sprintf("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p%d\nspec: {count: %d}\n", i, i)
	}
	asJSON := func(i int) string {
		return fmt.Sprintf(`{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p%d"}, "spec": {"count": %d}}`, i, i)
	}
	indented := func(i int) string {
		return "- " + strings.ReplaceAll(strings.TrimSuffix(item(i), "\n"), "\n", "\n  ") + "\n"
	}
	typed := func(i int) string { return fmt.Sprintf("- metadata:\n    name: p%d\n  spec: {count: %d}\n", i, i) }
	forms := map[string]string{
		"documents":          item(1) + "---\n" + item(2),
		"with start and end": "---\n" + item(1) + "...\n---\n" + item(2) + "...\n",
		"with comments":      "# one\n---\n# two\n" + item(1) + "--- # three\n" + item(2) + "---\n# four\n",
		"windows":            strings.ReplaceAll(item(1)+"---\n"+item(2), "\n", "\r\n"),
		"List":               "apiVersion: v1\nkind: List\nitems:\n" + indented(1) + indented(2),
		"typed list":         "apiVersion: v1\nkind: PodList\nmetadata: {}\nitems:\n" + typed(1) + typed(2),
		"list of lists":      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: PodList\n  items:\n  - metadata: {name: p1}\n    spec: {count: 1}\n" + indented(2),
		"JSON":               asJSON(1) + asJSON(2),
		"JSON lines":         asJSON(1) + "\n" + asJSON(2) + "\n",
		"JSON and YAML":      asJSON(1) + "\n---\n" + item(2),
		"JSON list":          `{"apiVersion": "v1", "kind": "List", "items": [` + asJSON(1) + ",\n" + asJSON(2) + "]}",
		"aliases":            "apiVersion: v1\nkind: List\nitems:\n- &a {apiVersion: v1, kind: Pod, metadata: {name: p1}, spec: {count: 1}}\n- {<<: *a, metadata: {name: p2}, spec: {count: 2}}\n",
	}
	want := []string{item(1), item(2)}
	for name, text := range forms {
		docs, gaps := decode(t, text)
		if len(docs) != 2 || len(gaps) != 0 {
			t.Errorf("%s: %d documents, gaps %v", name, len(docs), gaps)
			continue
		}
		for i, d := range docs {
			if !graph.Equal(d.Root(), decodeOne(t, want[i])) {
				t.Errorf("%s: object %d is %v", name, i, d.Root().Any())
			}
		}
	}
}

func TestListPositions(t *testing.T) {
	docs, _ := decode(t, "apiVersion: v1\nkind: PodList\nitems:\n- metadata:\n    name: a\n")
	want := []string{"@4:3", "apiVersion@1:1", "kind@2:1", "metadata@4:3", "metadata.name@5:5"}
	if diff := cmp.Diff(want, places(docs[0].Root())); diff != "" {
		t.Error(diff)
	}
}
