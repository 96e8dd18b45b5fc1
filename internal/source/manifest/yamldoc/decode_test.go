package yamldoc_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	sigs "sigs.k8s.io/yaml"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// places lists every value of a document as "path@line:column".
func places(v graph.Value) []string {
	p := v.Position()
	all := []string{fmt.Sprintf("%s@%d:%d", v.Path(), p.Line, p.Column)}
	for _, f := range v.Fields() {
		all = append(all, places(f)...)
	}
	for _, item := range v.Items() {
		all = append(all, places(item)...)
	}
	return all
}

func decode(t *testing.T, text string) ([]*graph.Document, []graph.Gap) {
	t.Helper()
	return yamldoc.Decode(t.Context(), strings.NewReader(text), "in.yaml", yamldoc.Limits{})
}

func decodeOne(t *testing.T, text string) graph.Value {
	t.Helper()
	docs, gaps := decode(t, text)
	if len(gaps) != 0 || len(docs) != 1 {
		t.Fatalf("want one document, got %d and gaps %v", len(docs), gaps)
	}
	return docs[0].Root()
}

func TestPositions(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"block", "# a comment\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n  -   name: c\n", []string{
			"@2:1", "kind@2:1", "spec@3:1", "spec.containers@4:3", "spec.containers[0]@5:5",
			"spec.containers[0].name@5:5", "spec.containers[0].image@6:5", "spec.containers[1]@7:7", "spec.containers[1].name@7:7",
		}},
		{"flow", "a: {b: 1, c: [x,\n  y]}\n", []string{"@1:1", "a@1:1", "a.b@1:5", "a.c@1:11", "a.c[0]@1:15", "a.c[1]@2:3"}},
		{"json", "{\n\t\"a\": [1, {\"é\": 2, \"b\": null}]\n}\n", []string{"@1:1", "a@2:2", "a[0]@2:8", "a[1]@2:11", "a[1].é@2:12", "a[1].b@2:20"}},
		{"second document", "---\na: 1\n---\n# x\n\nb: 2\n", nil},
		{"after block text", "a: |\n  x\n  y\n\nb: >-\n  z\n", []string{"@1:1", "a@1:1", "b@5:1"}},
		{"anchors", "a: &x\n  b: 1\nc: *x\nd:\n  <<: *x\n  e: 2\n", []string{"@1:1", "a@1:1", "a.b@2:3", "c@3:1", "c.b@2:3", "d@4:1", "d.b@2:3", "d.e@6:3"}},
		{"windows", "a: 1\r\nb:\r\n- 2\r\n", []string{"@1:1", "a@1:1", "b@2:1", "b[0]@3:3"}},
		{"byte order mark", "\uFEFFa: 1\n", []string{"@1:1", "a@1:1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.want == nil {
				docs, gaps := decode(t, test.text)
				if len(docs) != 2 || len(gaps) != 0 || docs[1].Root().Get("b").Position().Line != 6 {
					t.Fatalf("got %d documents, gaps %v", len(docs), gaps)
				}
				return
			}
			if diff := cmp.Diff(test.want, places(decodeOne(t, test.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestScalars compares the meaning of scalars with the library that kubectl
// and the API server read YAML with.
func TestScalars(t *testing.T) {
	words := strings.Fields(`yes Yes YES yEs no on On off Off y Y n N true True TRUE tRUE false null Null NULL ~ nULL
		0 00 007 0644 0o644 0x1F 0X1f 0b101 -0b101 +5 -5 +0x5 1_000 _1 1_ 0_7 08 09 0xZZ 9223372036854775807 9223372036854775808
		18446744073709551615 18446744073709551616 -9223372036854775808 -9223372036854775809 123456789012345678901234567890
		1.0 1.5 1. .5 . .. -.5 +.5 1e3 1E3 1e-3 1.5e3 1e400 -1e400 1e21 1e20 0.1e1 1e 1e+ e1 .e1 1.e1 -0 -0.0 0.0 1__2.5 1_0.5_0
		2001-01-01 2001-01-01T00:00:00Z 2001-1-1 12:30 12:30:45 190:20:30 1:2 100m 1Gi 250Mi 1.2.3 v1.2.3 8080/tcp 0x 0b 0o - + -- +- =
		<< !!str !!int nan NaN inf Inf Infinity +Infinity 0x1p-2 0x_1F 1e3_0 ._5 .5_0 0.0_1 -x +x -1a 0777777777777777777777 null1 Yes. yes,`)
	for _, word := range words {
		if word == "-" || word == "!!str" || word == "!!int" {
			continue
		}
		for _, form := range []string{"a: %s\n", "a: \"%s\"\n", "a: '%s'\n", "a: [%s]\n", "%s: 1\n", "- %s\n", "a: !!str %s\n", "a: !!float %s\n", "a: !!int %s\n", "a: !!bool %s\n", "a: !custom %s\n"} {
			sameAsKubernetes(t, fmt.Sprintf(form, word))
		}
	}
	for _, text := range []string{
		"a: .inf\n", "a: -.INF\n", "a: .nan\n", "~: 1\n", "? [a]\n: 1\n", "a: !!binary aGVsbG8=\n", "a: !!binary '@@'\n", "a:\n", "a: !!null ''\n", "? \n: 1\n",
		"a: &x {b: 1, c: 2}\nd: {b: 3, <<: *x}\n", "a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\n", "a: &x {b: 1}\nb: &y {b: 2, c: 3}\nd: {<<: [*x, *y]}\n",
		"a: &x [1]\nd: {<<: *x}\n", "a: {<<: 1}\n", "a: {\"<<\": {b: 1}}\n", "a: &x 1\n*x : 2\n", "a: &x {b: *x}\n", "a: |\n  x\n  y\n", "a: >\n  x\n  y\n\n  z\n", "a: |+\n  x\n\n", "a: |2-\n    x\n",
		"a: \"x\\ty\\u00e9\\n\"\n", "a: 'it''s'\n", "a: x\n  y\n\n  z\n", "a: \"x\n  y\"\n", "{\"a\": 1.0, \"b\": 1e2, \"c\": 12345678901234567890}", "[1, 2]", "a: # none\n  b: 1 # one\n",
	} {
		sameAsKubernetes(t, text)
	}
}

// sameAsKubernetes compares the whole document, or that both refuse it.
func sameAsKubernetes(t *testing.T, text string) {
	t.Helper()
	want, err := kubernetesJSON(text)
	docs, gaps := decode(t, text)
	if err != nil {
		if len(gaps) == 0 {
			t.Errorf("%q: Kubernetes says %v, read without a gap", text, err)
		}
		return
	}
	if len(gaps) != 0 || len(docs) != 1 {
		t.Errorf("%q: Kubernetes reads it, got %d documents and gaps %v", text, len(docs), gaps)
		return
	}
	got, err := json.Marshal(normal(docs[0].Root().Any()))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%q: want %s, got %s", text, want, got)
	}
}

func kubernetesJSON(text string) (string, error) {
	data, err := sigs.YAMLToJSON([]byte(text))
	if err != nil {
		return "", err
	}
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return "", err
	}
	out, err := json.Marshal(normal(v))
	return string(out), err
}

// normal makes numbers what the API machinery makes of them.
func normal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = normal(v[key])
		}
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	}
	return v
}
