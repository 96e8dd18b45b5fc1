package fix_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/fix"
)

func openFolder(t *testing.T, target string) *fix.Folder {
	t.Helper()
	f, err := fix.OpenFolder(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func change(path, before, after string) *fix.Plan {
	return &fix.Plan{Files: []fix.FileChange{{Path: path, Before: []byte(before), After: []byte(after)}}}
}

func textOf(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestWriteKeepsModeAndLinks(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "real", "a.yaml"), []byte("old"))
	if err := os.Chmod(filepath.Join(dir, "real", "a.yaml"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join("real", "a.yaml"), filepath.Join(dir, "link.yaml")); err != nil {
		t.Fatal(err)
	}
	f := openFolder(t, dir)
	if err := f.Write(change(filepath.ToSlash(filepath.Join(dir, "link.yaml")), "old", "new")); err != nil {
		t.Fatal(err)
	}
	if got := textOf(t, filepath.Join(dir, "real", "a.yaml")); got != "new" {
		t.Errorf("the file holds %q", got)
	}
	info, err := os.Lstat(filepath.Join(dir, "link.yaml"))
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	info, err = os.Stat(filepath.Join(dir, "real", "a.yaml"))
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode is %v, %v", info.Mode(), err)
	}
	onlyFiles(t, dir, "link.yaml", "real/a.yaml")
}

// onlyFiles holds a folder to what should be in it: no temporary files.
func onlyFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	var got []string
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, name)
			got = append(got, filepath.ToSlash(rel))
		}
		return err
	})
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
}

func TestWriteRefusesChangedFiles(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.yaml"), filepath.Join(dir, "b.yaml")
	writeFile(t, a, []byte("old"))
	writeFile(t, b, []byte("changed meanwhile"))
	plan := change(filepath.ToSlash(a), "old", "new")
	plan.Files = append(plan.Files, change(filepath.ToSlash(b), "old", "new").Files...)
	err := openFolder(t, dir).Write(plan)
	if !errors.Is(err, fix.ErrChanged) || !strings.Contains(err.Error(), "nothing was written") {
		t.Errorf("error %v", err)
	}
	if textOf(t, a) != "old" || textOf(t, b) != "changed meanwhile" {
		t.Error("a file was written")
	}
	onlyFiles(t, dir, "a.yaml", "b.yaml")
}

func TestWriteCreates(t *testing.T) {
	dir := t.TempDir()
	name := filepath.ToSlash(filepath.Join(dir, "new.yaml"))
	plan := &fix.Plan{Files: []fix.FileChange{{Path: name, After: []byte("new"), Created: true}}}
	if err := openFolder(t, dir).Write(plan); err != nil {
		t.Fatal(err)
	}
	if textOf(t, name) != "new" {
		t.Error("the file has other content")
	}
	if err := openFolder(t, dir).Write(plan); !errors.Is(err, fix.ErrChanged) {
		t.Errorf("a file that is there is replaced: %v", err)
	}
	onlyFiles(t, dir, "new.yaml")
}

func TestFolderStaysInside(t *testing.T) {
	outside := t.TempDir()
	writeFile(t, filepath.Join(outside, "secret.yaml"), []byte("secret"))
	dir := filepath.Join(outside, "in")
	writeFile(t, filepath.Join(dir, "a.yaml"), []byte("a"))
	for _, link := range [][2]string{{"../secret.yaml", "relative.yaml"}, {filepath.Join(outside, "secret.yaml"), "absolute.yaml"}, {"..", "up"}, {"loop.yaml", "loop.yaml"}} {
		if err := os.Symlink(link[0], filepath.Join(dir, link[1])); err != nil {
			t.Fatal(err)
		}
	}
	f := openFolder(t, dir)
	in := filepath.ToSlash(dir)
	for _, name := range []string{in + "/relative.yaml", in + "/absolute.yaml", in + "/up/secret.yaml", in + "/loop.yaml", in + "/../secret.yaml", filepath.ToSlash(outside) + "/secret.yaml", in} {
		if data, err := f.ReadFile(name); err == nil {
			t.Errorf("%s was read: %q", name, data)
		}
		if err := f.Write(change(name, "secret", "new")); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if got := textOf(t, filepath.Join(outside, "secret.yaml")); got != "secret" {
		t.Errorf("the file outside holds %q", got)
	}
	for name, want := range map[string]bool{in + "/a.yaml": true, in + "/b/c.yaml": true, in + "/../x.yaml": false, in: false, "a.yaml": false} {
		if f.Contains(name) != want {
			t.Errorf("Contains(%s) = %v", name, !want)
		}
	}
}

func TestFolderOfCurrentDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, filepath.Join("sub", "a.yaml"), []byte("a"))
	for target, name := range map[string]string{".": "sub/a.yaml", "sub": "sub/a.yaml", "./sub/a.yaml": "sub/a.yaml"} {
		f := openFolder(t, target)
		if data, err := f.ReadFile(name); err != nil || string(data) != "a" {
			t.Errorf("%s: %q, %v", target, data, err)
		}
		if f.Contains("../a.yaml") {
			t.Errorf("%s contains what is outside", target)
		}
	}
	if _, err := fix.OpenFolder("gone"); err == nil {
		t.Error("a folder that is not there was opened")
	}
}
