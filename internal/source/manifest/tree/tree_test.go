package tree_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/foilsec/foil/internal/source/manifest/tree"
)

// layout makes files in a new folder; a value that begins with "-> " makes a
// symbolic link, a name that ends in "/" a folder.
func layout(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		target, isLink := strings.CutPrefix(content, "-> ")
		switch {
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o755)
		case isLink:
			err = os.Symlink(target, path)
		default:
			err = os.WriteFile(path, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func find(t *testing.T, dir string) tree.Found {
	t.Helper()
	tr, err := tree.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tr.Close() }()
	found, err := tr.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// reasons lists the gaps as "name: reason", names relative to the folder.
func reasons(dir string, found tree.Found) []string {
	var all []string
	for _, gap := range found.Gaps {
		rel, _ := filepath.Rel(dir, gap.Subject)
		all = append(all, rel+": "+gap.Reason)
	}
	return all
}

func TestFind(t *testing.T) {
	dir := layout(t, map[string]string{
		"a.yaml": "", "b/c.yml": "", "b/d.json": "", "b/e.txt": "", "b/f.jsonl": "", ".hidden/g.yaml": "",
		".git/config.yaml": "", "sub/.git/x.yaml": "",
		"chart/Chart.yaml": "", "chart/templates/x.yaml": "", "chart/charts/y/Chart.yaml": "", "packed.tgz": "",
		"overlay/kustomization.yaml": "", "overlay/patch.yaml": "", "base/Kustomization": "",
	})
	found := find(t, dir)
	want := tree.Found{
		Files:          []string{".hidden/g.yaml", "a.yaml", "b/c.yml", "b/d.json", "b/f.jsonl", "overlay/patch.yaml"},
		Charts:         []string{"chart"},
		Archives:       []string{"packed.tgz"},
		Kustomizations: []string{"base", "overlay"},
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
}

func TestFindTopIsChart(t *testing.T) {
	found := find(t, layout(t, map[string]string{"Chart.yaml": "", "templates/a.yaml": ""}))
	if diff := cmp.Diff(tree.Found{Charts: []string{"."}}, found); diff != "" {
		t.Error(diff)
	}
}

func TestGitignore(t *testing.T) {
	dir := layout(t, map[string]string{
		".git/info/exclude": "excluded.yaml\n", ".gitignore": "*.tmp.yaml\n/out/\nsub/deep/gone.yaml\n",
		"out/a.yaml": "", "sub/.gitignore": "secret*\n!secret-ok.yaml\n",
		"sub/a.yaml": "", "sub/secret.yaml": "", "sub/secret-ok.yaml": "", "sub/x.tmp.yaml": "", "sub/excluded.yaml": "",
		"sub/deep/gone.yaml": "", "sub/deep/stays.yaml": "", "sub/deep/secret1.yaml": "",
	})
	t.Run("from the top", func(t *testing.T) {
		want := []string{"sub/a.yaml", "sub/deep/stays.yaml", "sub/secret-ok.yaml"}
		if diff := cmp.Diff(want, find(t, dir).Files); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("rules above the folder hold", func(t *testing.T) {
		want := []string{"stays.yaml"}
		if diff := cmp.Diff(want, find(t, filepath.Join(dir, "sub/deep")).Files); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("an ignored folder that is named is read", func(t *testing.T) {
		if diff := cmp.Diff([]string{"a.yaml"}, find(t, filepath.Join(dir, "out")).Files); diff != "" {
			t.Error(diff)
		}
	})
}

func TestLinks(t *testing.T) {
	outside := layout(t, map[string]string{"secret.yaml": "", "d/x.yaml": ""})
	dir := layout(t, map[string]string{
		"real/a.yaml":    "",
		"0-before.yaml":  "-> real/a.yaml", // known under its own name
		"loop":           "-> .",
		"real/up":        "-> ..",
		"self.yaml":      "-> self.yaml",
		"gone.yaml":      "-> nowhere.yaml",
		"gone.txt":       "-> nowhere.txt",
		"out.yaml":       "-> " + outside + "/secret.yaml",
		"out.txt":        "-> " + outside + "/secret.yaml",
		"outdir":         "-> " + outside + "/d",
		"text":           "",
		"named.yaml":     "-> text", // only the link has the name of a manifest
		"absolute.yaml":  "-> ABSOLUTE",
		".git/inner.yml": "",
	})
	// An absolute link within the tree, as tools make them.
	abs := filepath.Join(dir, "absolute.yaml")
	if err := os.Remove(abs); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "real", "a.yaml"), abs); err != nil {
		t.Fatal(err)
	}
	found := find(t, dir)
	if diff := cmp.Diff([]string{"real/a.yaml", "named.yaml"}, found.Files); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"gone.yaml: a symbolic link that leads nowhere or in a circle",
		"out.yaml: a symbolic link out of the scanned folder; it was not followed; scan its target by its own path",
		"outdir: a symbolic link out of the scanned folder; it was not followed; scan its target by its own path",
		"self.yaml: a symbolic link that leads nowhere or in a circle",
	}
	if diff := cmp.Diff(want, reasons(dir, found)); diff != "" {
		t.Error(diff)
	}
}

func TestMountedConfigMap(t *testing.T) {
	found := find(t, layout(t, map[string]string{
		"..2026/app.yaml": "", "..data": "-> ..2026", "app.yaml": "-> ..data/app.yaml",
	}))
	if diff := cmp.Diff([]string{"..2026/app.yaml"}, found.Files); diff != "" {
		t.Error(diff)
	}
}

func TestLinkedFolderThatIsIgnored(t *testing.T) {
	dir := layout(t, map[string]string{".git/HEAD": "", ".gitignore": "hidden/\n", "hidden/a.yaml": "", "shown": "-> hidden"})
	if found := find(t, dir); !cmp.Equal(found.Files, []string{"hidden/a.yaml"}) {
		t.Errorf("got %v", found.Files)
	}
}

func TestOpenFileStaysInside(t *testing.T) {
	outside := layout(t, map[string]string{"secret.yaml": "x"})
	dir := layout(t, map[string]string{"out.yaml": "-> " + outside + "/secret.yaml", "d/": ""})
	tr, err := tree.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tr.Close() }()
	for _, name := range []string{"out.yaml", "../" + filepath.Base(outside) + "/secret.yaml", "d", "missing"} {
		if f, err := tr.OpenFile(name); err == nil {
			_ = f.Close()
			t.Errorf("%s was opened", name)
		}
	}
}
