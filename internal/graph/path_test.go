package graph

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestPath(t *testing.T) {
	v := valueOf(t, fields{
		{"spec", fields{{"containers", []any{fields{{"image", "a"}}, fields{{"image", "b"}, {"args", []any{[]any{"deep"}}}}}}}},
		{"labels", fields{{"app.kubernetes.io/name", "x"}, {"plain-name_1/x", "y"}, {"", "z"}, {`say "hi"`, 1}, {"a[0]", 2}, {"line\nbreak", 3}, {"标签", 4}}},
		{"a.b", fields{{"c", 1}}},
	})
	for want, got := range map[string]Value{
		"":                                 v,
		"spec.containers":                  v.At("spec", "containers"),
		"spec.containers[1].image":         v.At("spec", "containers").Item(1).Get("image"),
		"spec.containers[1].args[0][0]":    v.At("spec", "containers").Item(1).Get("args").Item(0).Item(0),
		`labels["app.kubernetes.io/name"]`: v.At("labels", "app.kubernetes.io/name"),
		"labels.plain-name_1/x":            v.At("labels", "plain-name_1/x"),
		`labels[""]`:                       v.At("labels", ""),
		`labels["say \"hi\""]`:             v.At("labels", `say "hi"`),
		`labels["a[0]"]`:                   v.At("labels", "a[0]"),
		`labels["line\nbreak"]`:            v.At("labels", "line\nbreak"),
		"labels.标签":                        v.At("labels", "标签"),
		`["a.b"].c`:                        v.At("a.b", "c"),
	} {
		if got.Path() != want {
			t.Errorf("path %q, want %q", got.Path(), want)
		}
	}
	if got := v.At("spec").PathTo("template", "app.kubernetes.io/name", "x"); got != `spec.template["app.kubernetes.io/name"].x` {
		t.Errorf("path of a field that does not exist: %q", got)
	}
	if got := v.PathTo("a.b"); got != `["a.b"]` {
		t.Errorf("path below the root: %q", got)
	}
}

// TestPathNamesOnePlace walks random trees: following the path of a value from
// the root leads to that value and to no other.
func TestPathNamesOnePlace(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 500 {
		root := valueOf(t, randomTree(r, 4))
		for _, v := range everyValue(root) {
			if got := follow(t, root, v.Path()); got != v {
				t.Fatalf("path %q leads to value %d, want %d", v.Path(), got.Index(), v.Index())
			}
		}
	}
}

// follow reads a path as a person would.
func follow(t *testing.T, v Value, path string) Value {
	t.Helper()
	for path != "" {
		switch {
		case strings.HasPrefix(path, `["`):
			quoted, err := strconv.QuotedPrefix(path[1:])
			if err != nil {
				t.Fatalf("%q: %v", path, err)
			}
			key, _ := strconv.Unquote(quoted)
			v, path = v.Get(key), path[len(quoted)+2:]
		case path[0] == '[':
			end := strings.IndexByte(path, ']')
			index, err := strconv.Atoi(path[1:end])
			if err != nil {
				t.Fatalf("%q: %v", path, err)
			}
			v, path = v.Item(index), path[end+1:]
		default:
			path = strings.TrimPrefix(path, ".")
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			v, path = v.Get(path[:end]), path[end:]
		}
	}
	return v
}
