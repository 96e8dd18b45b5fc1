package reread_test

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest"
	"github.com/foilsec/foil/internal/source/manifest/reread"
)

// files are a plain file, a chart and a kustomization with a base.
var files = map[string]string{
	"plain.yaml":                 "apiVersion: v1\nkind: Pod\nmetadata: {name: plain}\nspec: {hostPID: true}\n",
	"chart/Chart.yaml":           "apiVersion: v2\nname: web\nversion: 1.0.0\n",
	"chart/values.yaml":          "pid: true\n",
	"chart/templates/web.yaml":   "apiVersion: v1\nkind: Pod\nmetadata: {name: chart}\nspec:\n  hostPID: {{ .Values.pid }}\n",
	"base/kustomization.yaml":    "resources: [web.yaml]\n",
	"base/web.yaml":              "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostPID: true\n",
	"overlay/kustomization.yaml": "resources: [../base]\nnamespace: shop\n",
}

func writeAll(t *testing.T, dir string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t *testing.T, target string) *reread.Reader {
	t.Helper()
	o := manifest.Options{Paths: []string{target}}
	b := &graph.Builder{}
	if err := manifest.New(o).Collect(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	r, err := reread.New(o, target, b.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// only reads the one object of an origin.
func only(t *testing.T, r *reread.Reader, origin string, changed map[string][]byte) graph.Value {
	t.Helper()
	values, err := r.Read(context.Background(), origin, changed)
	if err != nil {
		t.Fatal(err)
	}
	if len(values) != 1 {
		t.Fatalf("%s: %d objects", origin, len(values))
	}
	return values[0]
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	writeAll(t, dir)
	root := filepath.ToSlash(dir)
	r := open(t, dir)
	for origin, test := range map[string]struct{ change, text, file string }{
		"plain.yaml": {"plain.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: plain}\nspec: {hostPID: false}\n", "plain.yaml"},
		"chart":      {"chart/values.yaml", "pid: false\n", "chart/templates/web.yaml"},
		"overlay":    {"base/web.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostPID: false\n", "base/web.yaml"},
	} {
		v := only(t, r, path.Join(root, origin), map[string][]byte{path.Join(root, test.change): []byte(test.text)})
		pid := v.At("spec", "hostPID")
		if pid.True() || !pid.Exists() {
			t.Errorf("%s: the change is not seen", origin)
		}
		if at := pid.Position(); at.File != path.Join(root, test.file) || at.Line == 0 {
			t.Errorf("%s: the field stands at %+v", origin, at)
		}
	}
	// A change that is not asked for any more is undone.
	if v := only(t, r, root+"/chart", nil); !v.At("spec", "hostPID").True() {
		t.Error("the chart is not what it was")
	}
	for name, text := range files {
		if got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))); err != nil || string(got) != text {
			t.Errorf("%s was written to: %v", name, err)
		}
	}
}

func TestNewFilesComeAndGo(t *testing.T) {
	dir := t.TempDir()
	writeAll(t, dir)
	root := filepath.ToSlash(dir)
	r := open(t, dir)
	read := func(changed map[string][]byte) int {
		values, err := r.Read(context.Background(), root+"/overlay", changed)
		if err != nil {
			t.Fatal(err)
		}
		return len(values)
	}
	more := map[string][]byte{
		root + "/overlay/new.yaml":           []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n"),
		root + "/overlay/kustomization.yaml": []byte("resources: [../base, new.yaml]\nnamespace: shop\n"),
	}
	if n := read(more); n != 2 {
		t.Errorf("%d objects with the new file, want 2", n)
	}
	if n := read(nil); n != 1 {
		t.Errorf("%d objects without it, want 1", n)
	}
}

// TestBaseOutside reads an overlay whose base lies outside of the target.
func TestBaseOutside(t *testing.T) {
	dir := t.TempDir()
	writeAll(t, dir)
	root := filepath.ToSlash(dir)
	r := open(t, filepath.Join(dir, "overlay"))
	v := only(t, r, root+"/overlay", map[string][]byte{root + "/overlay/kustomization.yaml": []byte("resources: [../base]\nnamespace: other\n")})
	if got := v.At("metadata", "namespace").Str(); got != "other" {
		t.Errorf("namespace %q", got)
	}
}

func TestRelativeTarget(t *testing.T) {
	t.Chdir(t.TempDir())
	writeAll(t, ".")
	r := open(t, ".")
	v := only(t, r, "chart", map[string][]byte{"chart/values.yaml": []byte("pid: false\n")})
	if v.At("spec", "hostPID").True() || v.Position().File != "chart/templates/web.yaml" {
		t.Errorf("got %v at %+v", v.Any(), v.Position())
	}
}

func TestBrokenChangesAreErrors(t *testing.T) {
	dir := t.TempDir()
	writeAll(t, dir)
	root := filepath.ToSlash(dir)
	r := open(t, dir)
	for origin, change := range map[string]string{"plain.yaml": "plain.yaml", "chart": "chart/templates/web.yaml", "overlay": "base/web.yaml"} {
		_, err := r.Read(context.Background(), path.Join(root, origin), map[string][]byte{path.Join(root, change): []byte("a: b: c\n{{\n")})
		if err == nil {
			t.Errorf("%s: a broken file is no error", origin)
		} else if strings.Contains(err.Error(), "foil-fix-") {
			t.Errorf("%s: the message names the copy: %v", origin, err)
		}
	}
}
