package tree

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/gitignore"
)

const (
	ignoreFile     = ".gitignore"
	maxIgnoreBytes = 1 << 20
)

// rulesOf reads the .gitignore file of a folder of the tree.
func (w *walk) rulesOf(dir string, entries []fs.DirEntry) gitignore.Rules {
	has := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == ignoreFile && e.Type().IsRegular() })
	if !has {
		return gitignore.Rules{}
	}
	text, err := w.tree.ReadFile(path.Join(dir, ignoreFile), maxIgnoreBytes)
	if err != nil {
		w.gap(path.Join(dir, ignoreFile), "can't be read, so nothing was left out because of it: "+err.Error())
		return gitignore.Rules{}
	}
	return gitignore.Parse(strings.TrimSuffix(w.prefix+dir, "/"), string(text))
}

// rulesAbove reads the .gitignore files between the top of the git work tree
// that a folder lies in and the folder, and .git/info/exclude. The prefix is
// the way from that top to the folder, with a slash at its end.
func rulesAbove(real string) (rules gitignore.Stack, prefix string, gaps []graph.Gap) {
	top, found := WorkTree(real)
	if !found {
		return nil, "", nil
	}
	rel, err := filepath.Rel(top, real)
	if err != nil {
		return nil, "", nil
	}
	read := func(file, dir string) {
		text, err := readSmall(file)
		if err != nil {
			gaps = append(gaps, graph.Gap{Subject: file, Reason: "can't be read, so nothing was left out because of it: " + err.Error()})
		}
		rules = rules.With(gitignore.Parse(dir, text))
	}
	read(filepath.Join(top, ".git", "info", "exclude"), "")
	if rel == "." {
		return rules, "", gaps
	}
	dir := ""
	for _, step := range strings.Split(filepath.ToSlash(rel), "/") {
		read(filepath.Join(top, filepath.FromSlash(dir), ignoreFile), dir)
		dir = path.Join(dir, step)
	}
	return rules, dir + "/", gaps
}

// WorkTree finds the top of the git work tree around a folder.
func WorkTree(dir string) (top string, found bool) {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// readSmall reads a file that may be missing.
func readSmall(name string) (string, error) {
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return "", nil
	}
	f, err := os.OpenFile(name, os.O_RDONLY|NonBlocking, 0)
	if err != nil {
		return "", reason(err)
	}
	defer func() { _ = f.Close() }()
	text, err := readAtMost(f, maxIgnoreBytes)
	return string(text), err
}

func readAtMost(in io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(in, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("larger than %d bytes", most)
	}
	return data, err
}
