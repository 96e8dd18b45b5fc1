package generate

import (
	"reflect"
	"testing"

	"k8s.io/apimachinery/pkg/util/yaml"
)

// Every string must come back as the string that it was.
func TestStringsSurvive(t *testing.T) {
	texts := []string{"", "plain", "two words", "true", "No", "null", "~", "12", "1e3", "0x1f", "-", "- item", "a: b", "a:", "#no",
		"a #b", "*", "%x", "@at", "{}", "[x]", "trailing ", " leading", "one\ntwo\n", "one\n\ntwo\n", "open\nend", "\n", "10.0.0.0/8",
		"2026-01-01T00:00:00Z", "quote\"s", `back\slash`, "tab\tbed", "25%", "a,b"}
	for _, text := range texts {
		tree := mapping{{"key", text}, {"list", list{text, mapping{{"inner", text}}}}}
		var got map[string]any
		if err := yaml.Unmarshal(appendYAML(nil, tree), &got); err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		want := map[string]any{"key": text, "list": []any{text, map[string]any{"inner": text}}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q came back as %q", text, got)
		}
	}
}

func TestLayoutIsKubectls(t *testing.T) {
	tree := mapping{
		{"kind", "Pod"},
		{"spec", mapping{
			{"containers", list{mapping{{"name", "a"}, {"args", list{"-v", "1"}}, {"stdin", true}}}},
			{"volumes", list{}},
			{"securityContext", mapping{}},
			{"priority", 5},
		}},
	}
	const want = `kind: Pod
spec:
  containers:
  - name: a
    args:
    - "-v"
    - "1"
    stdin: true
  volumes: []
  securityContext: {}
  priority: 5
`
	if got := string(appendYAML(nil, tree)); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
