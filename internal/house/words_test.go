package house

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// foreign are words that belong to the place where somebody works, and not to
// the product. They are written in pieces, so that this file does not hold them.
var foreign = []struct {
	pattern *regexp.Regexp
	because string
}{
	{regexp.MustCompile(`(^|[\s"'=(:` + "`" + `])/wor` + `k(space)?/`), "a path of one machine"},
	{regexp.MustCompile(`/hom` + `e/[a-z]+/|/User` + `s/[A-Za-z]+/`), "a path of one machine"},
	{regexp.MustCompile(`\b(proxy|sum)\.go` + `lang\.org|\bdeb\.deb` + `ian\.org|registry\.np` + `mjs|\bgo` + `proxy\.`), "a package registry: who builds foil chooses it"},
	{regexp.MustCompile(`\x{FEFF}`), "a byte order mark"},
	{regexp.MustCompile(`\bTO` + `DO\b|\bFIX` + `ME\b|\bX` + `XX\b`), "something left to do: do it, or file an issue"},
}

// mayHold are files that hold such words for a reason.
var mayHold = map[string]string{
	"internal/fix/yamledit/split.go": "names the mark to keep it",
}

func TestFilesSpeakOfTheProductAlone(t *testing.T) {
	for _, name := range trackedFiles(t) {
		content, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		if mayHold[name] != "" || strings.Contains(name, "/testdata/") || strings.HasSuffix(name, ".sum") || bytes.IndexByte(content, 0) >= 0 || !utf8.Valid(content) {
			continue
		}
		number := 0
		for line := range strings.Lines(string(content)) {
			number++
			for _, f := range foreign {
				if f.pattern.MatchString(line) {
					t.Errorf("%s:%d: %s: %s", name, number, f.because, strings.TrimSpace(line))
				}
			}
		}
	}
}

// trackedFiles asks git, because only what is committed is the product.
func trackedFiles(t *testing.T) []string {
	t.Helper()
	command := exec.Command("git", "ls-files", "-z")
	command.Dir = root
	output, err := command.Output()
	if err != nil {
		t.Skipf("git does not list the files, so that they can't be told from what lies around: %v", err)
	}
	return strings.Split(strings.TrimRight(string(output), "\x00"), "\x00")
}
