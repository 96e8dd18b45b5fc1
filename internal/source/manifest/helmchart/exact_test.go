package helmchart

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v4/pkg/chart/v2/util"
)

// readChart reads a chart from disk.
func readChart(t *testing.T, dir string) []File {
	t.Helper()
	var files []File
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files = append(files, File{Name: name, Path: path.Join(filepath.ToSlash(dir), name), Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestTracedRunPrintsTheSame renders whole charts and demands that the traced
// run knows the place of every byte of the real one.
func TestTracedRunPrintsTheSame(t *testing.T) {
	starter, err := util.Create("starter", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		dir  string
		sets []string
	}{
		{starter, nil},
		{starter, []string{"autoscaling.enabled=true", "ingress.enabled=true", "httpRoute.enabled=true", "serviceAccount.annotations.a=b", "podLabels.x=y", "volumes[0].name=v", "tolerations[0].key=k", "resources.limits.cpu=1"}},
		{"../../../../examples/burrito-shop/loyalty/chart", nil},
		{"testdata/constructs", nil},
	}
	for _, test := range tests {
		t.Run(filepath.Base(test.dir), func(t *testing.T) {
			values, err := ReadValues(Options{Set: test.sets})
			if err != nil {
				t.Fatal(err)
			}
			user, err := values.merged()
			if err != nil {
				t.Fatal(err)
			}
			limits := Limits{}.WithDefaults()
			l, err := load(readChart(t, test.dir), limits, user)
			if err != nil {
				t.Fatal(err)
			}
			r, err := render(t.Context(), l, values, limits)
			if err != nil {
				t.Fatal(err)
			}
			for name, text := range r.texts {
				traced := ""
				if p := r.trace.files[name]; p != nil {
					traced = p.text.String()
				}
				if traced != text && strings.TrimSpace(text) != "" {
					t.Errorf("%s: %s", name, cmp.Diff(strings.Split(text, "\n"), strings.Split(traced, "\n")))
				}
			}
		})
	}
}
