package pipeline_test

import (
	"context"
	stdjson "encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/source/manifest"
)

// TestWorkersDoNotMatter scans the example with one, two and eight workers, and
// twice with each: always the same bytes.
func TestWorkersDoNotMatter(t *testing.T) {
	var want string
	for _, workers := range []int{1, 2, 8, 1, 2, 8} {
		got := written(t, scan(t, request{paths: []string{shop}, workers: workers}))
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("%d workers: %s", workers, difference(strings.Split(got, "\n"), strings.Split(want, "\n")))
		}
	}
	if len(want) < 100_000 {
		t.Errorf("the report has %d bytes: nothing to compare", len(want))
	}
}

// objects are those of the example, as they come out of its files, charts and
// kustomizations.
func objects(t *testing.T) []map[string]any {
	t.Helper()
	s, err := pipeline.Collect(context.Background(), manifest.New(manifest.Options{Paths: []string{shop}}), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	for n := range s.Nodes() {
		object, ok := n.Object.Any().(map[string]any)
		if !ok || strings.Contains(string(n.ID), "@") {
			continue // the same object in a second file would be told apart by its file
		}
		if n.Namespace != "" {
			object["metadata"].(map[string]any)["namespace"] = n.Namespace
		}
		list = append(list, object)
	}
	if len(list) < 50 {
		t.Fatalf("only %d objects to lay out", len(list))
	}
	return list
}

func asYAML(t *testing.T, object any) string {
	t.Helper()
	text, err := yaml.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func asJSON(t *testing.T, object any) string {
	t.Helper()
	text, err := stdjson.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestLayoutDoesNotMatter writes the same objects in many ways: the findings,
// their order, scores, fingerprints and fixes are the same.
func TestLayoutDoesNotMatter(t *testing.T) {
	list := objects(t)
	reversed := slices.Clone(list)
	slices.Reverse(reversed)
	mixed := slices.Clone(list)
	r := rand.New(rand.NewPCG(1, 1))
	r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })

	documents := func(list []map[string]any) string {
		var parts []string
		for _, o := range list {
			parts = append(parts, asYAML(t, o))
		}
		return strings.Join(parts, "---\n")
	}
	each := func(extension string, write func(*testing.T, any) string) map[string]string {
		files := map[string]string{}
		for i, o := range mixed {
			files[fmt.Sprintf("%c/%d%s", 'a'+i%5, i, extension)] = write(t, o)
		}
		return files
	}
	asList := func(list []map[string]any) any {
		return map[string]any{"apiVersion": "v1", "kind": "List", "metadata": map[string]any{}, "items": list}
	}
	layouts := []struct {
		name  string
		files map[string]string
	}{
		{"one file", map[string]string{"all.yaml": documents(list)}},
		{"backwards", map[string]string{"all.yaml": documents(reversed)}},
		{"mixed, with empty documents", map[string]string{"all.yml": "---\n# nothing\n---\n" + strings.ReplaceAll(documents(mixed), "---\n", "---\n---\n")}},
		{"Windows lines", map[string]string{"all.yaml": strings.ReplaceAll(documents(list), "\n", "\r\n")}},
		{"a file for each", each(".yaml", asYAML)},
		{"JSON, a file for each", each(".json", asJSON)},
		{"a List in YAML", map[string]string{"list.yaml": asYAML(t, asList(mixed))}},
		{"a List in JSON", map[string]string{"list.json": asJSON(t, asList(reversed))}},
		{"JSON in YAML", map[string]string{"all.yaml": func() string {
			var parts []string
			for _, o := range mixed {
				parts = append(parts, asJSON(t, o))
			}
			return strings.Join(parts, "\n---\n")
		}()}},
		{"two Lists and the rest", map[string]string{
			"1.json": asJSON(t, asList(mixed[:20])), "2.yaml": asYAML(t, asList(mixed[20:30])), "3.yaml": documents(mixed[30:]),
		}},
	}
	var want []string
	for _, l := range layouts {
		result := scan(t, request{paths: []string{folder(t, l.files)}})
		if len(result.Coverage.Gaps) > 0 || result.Summary.Objects != len(list) {
			t.Errorf("%s: %d objects, want %d; gaps %+v", l.name, result.Summary.Objects, len(list), result.Coverage.Gaps)
			continue
		}
		got := found(result)
		if want == nil {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %s", l.name, difference(got, want))
		}
	}
	if len(want) < 300 {
		t.Errorf("only %d findings to compare", len(want))
	}
}

// TestPathsDoNotMatter names the same files one by one and as a folder.
func TestPathsDoNotMatter(t *testing.T) {
	root := folder(t, map[string]string{"a.yaml": privileged("a"), "b/b.yaml": privileged("b"), "b/c.json": asJSON(t, map[string]any{
		"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "shop"},
	})})
	want := found(scan(t, request{paths: []string{root}}))
	for _, paths := range [][]string{
		{root + "/a.yaml", root + "/b"}, {root + "/b", root + "/a.yaml"}, {root + "/b/c.json", root + "/b/b.yaml", root + "/a.yaml"},
		{root, root + "/b"}, {root + "/b/../a.yaml", root + "/b/"},
	} {
		if got := found(scan(t, request{paths: paths})); !slices.Equal(got, want) {
			t.Errorf("%q: %s", paths, difference(got, want))
		}
	}
}
