package helmchart

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/graph"
)

// FuzzRender renders one template with some values: it must come to an end
// soon, without a panic, and each line of the result must have a place in the
// template.
func FuzzRender(f *testing.F) {
	files, err := filepath.Glob("testdata/constructs/templates/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data), "a: 1\n")
	}
	for _, text := range []string{
		"{{ range until 9 }}{{ . }}{{ end }}", "{{ include \"x\" . }}{{ define \"x\" }}{{ tpl .Values.t . }}{{ end }}", "{{ $x := dict }}{{ set $x \"a\" $x }}",
		"{{ with .Values }}{{ toYaml . | nindent 2 }}{{ end }}", "{{- /* c */ -}} {{ template \"y\" . }}{{ define \"y\" }} {{ end }}", "{{ printf \"%*d\" 9999 1 }}",
	} {
		f.Add(text, "t: \"{{ .Chart.Name }}\"\nl: [1, 2]\n")
	}
	limits := Limits{Time: 2 * time.Second, Bytes: 1 << 20, Steps: 50_000}.WithDefaults()
	f.Fuzz(func(t *testing.T, template, values string) {
		slow := time.AfterFunc(20*time.Second, func() { panic("rendering does not end") })
		defer slow.Stop()
		user := &Values{text: []byte(values)}
		merged, err := user.merged()
		if err != nil {
			t.Skip("the values are no YAML")
		}
		l, err := load([]File{
			{Name: "Chart.yaml", Path: "Chart.yaml", Data: []byte("apiVersion: v2\nname: c\nversion: 1.0.0\n")},
			{Name: "templates/t.yaml", Path: "templates/t.yaml", Data: []byte(template)},
		}, limits, merged)
		if err != nil {
			t.Skip("the chart can't be loaded")
		}
		r, err := render(t.Context(), l, user, limits)
		if err != nil {
			return
		}
		for name, text := range r.texts {
			at := r.locator(name, "templates/t.yaml")
			for i := range strings.Count(text, "\n") + 1 {
				if p := at.position(graph.Position{Line: i + 1, Column: 1}); p.Line < 1 || p.Line > strings.Count(template, "\n")+1 {
					t.Fatalf("line %d of the result is placed at line %d of the template", i+1, p.Line)
				}
			}
		}
	})
}
