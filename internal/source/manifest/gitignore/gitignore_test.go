package gitignore_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/source/manifest/gitignore"
)

func TestIgnored(t *testing.T) {
	tests := []struct {
		rules, path string
		dir, want   bool
	}{
		{"*.yaml", "a/b.yaml", false, true},
		{"*.yaml\n!keep.yaml", "a/keep.yaml", false, false},
		{"/build", "build", true, true},
		{"/build", "a/build", true, false},
		{"build/", "build", false, false},
		{"build/", "a/build", true, true},
		{"a/**/z.yaml", "a/z.yaml", false, true},
		{"a/**/z.yaml", "a/b/c/z.yaml", false, true},
		{"a/**", "a", true, false},
		{"a/**", "a/b", false, true},
		{"**/c", "a/b/c", false, true},
		{"a/*", "a/b/c", false, false},
		{"\\#x", "#x", false, true},
		{"# x", "# x", false, false},
		{"\\!x", "!x", false, true},
		{"x\\ ", "x ", false, true},
		{"x  ", "x", false, true},
		{"[!a-c].yaml", "d.yaml", false, true},
		{"[!a-c].yaml", "b.yaml", false, false},
		{"[[:digit:]]*", "1.yaml", false, true},
		{"[unclosed", "[unclosed", false, false},
		{"/", "a", false, false},
		{"?.yaml", "é.yaml", false, true},
	}
	for _, test := range tests {
		stack := gitignore.Stack{}.With(gitignore.Parse("", test.rules))
		if got := stack.Ignored(test.path, test.dir); got != test.want {
			t.Errorf("rules %q, path %q: got %v", test.rules, test.path, got)
		}
	}
}

func TestDeeperFileDecides(t *testing.T) {
	stack := gitignore.Stack{}.With(gitignore.Parse("", "*.yaml\n")).With(gitignore.Parse("a/b", "!x.yaml\n/only\n"))
	for path, want := range map[string]bool{
		"x.yaml": true, "a/x.yaml": true, "a/b/x.yaml": false, "a/b/c/x.yaml": false, "a/b/only": true, "a/b/c/only": false, "only": false,
	} {
		if got := stack.Ignored(path, false); got != want {
			t.Errorf("%s: got %v", path, got)
		}
	}
}

// TestAgainstGit asks git about every pair of a pattern and a path.
func TestAgainstGit(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed, nothing to compare with")
	}
	patterns := []string{"a", "/a", "a/", "/a/", "*", "/*", "*.yaml", "a/*", "a/**", "**/a", "**/a/b", "a/**/b", "b", "a/b", "/a/b", "**", "a*", "[ab]", "[!a]", "?", "\\a", "a/b/", "*/b", "a\\*", "**a", "a**b", " a", "a ", "!a"}
	paths := []string{"a", "b", "ab", "a.yaml", "a/b", "b/a", "a/b/c", "a/c/b", "a/c/d/b", "c/a/b", "a*", "b.yaml/a"}
	for _, p := range patterns {
		stack := gitignore.Stack{}.With(gitignore.Parse("", p))
		ignoredByGit := checkIgnore(t, git, p, paths)
		for _, name := range paths {
			if got := ignoredWithParents(stack, name); got != ignoredByGit[name] {
				t.Errorf("pattern %q, path %q: git says %v", p, name, ignoredByGit[name])
			}
		}
	}
}

// ignoredWithParents asks for each folder on the way, as a walk does.
func ignoredWithParents(s gitignore.Stack, name string) bool {
	for i, c := range name {
		if c == '/' && s.Ignored(name[:i], true) {
			return true
		}
	}
	return s.Ignored(name, false)
}

func checkIgnore(t *testing.T, git, pattern string, paths []string) map[string]bool {
	t.Helper()
	dir := t.TempDir()
	run := func(stdin string, args ...string) string {
		cmd := exec.Command(git, args...)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
		out, err := cmd.Output()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) { // 1: no path is ignored
			stderr := ""
			if exit != nil {
				stderr = string(exit.Stderr)
			}
			t.Fatalf("git %q: %v: %s", args, err, stderr)
		}
		return string(out)
	}
	run("", "init", "-q")
	if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(pattern+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	ignored := make(map[string]bool)
	for line := range strings.Lines(run(strings.Join(paths, "\n")+"\n", "check-ignore", "--no-index", "--stdin")) {
		ignored[strings.Trim(strings.TrimSpace(line), `"`)] = true
	}
	return ignored
}
