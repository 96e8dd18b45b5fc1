package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const corpus = "../../../../shared/data/image/versions"

func TestCorpus(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpus, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("SKIPPED: no tables of versions beside the repository (%s); nothing was compared", corpus)
	}
	var out bytes.Buffer
	if err := run(files, &out); err != nil {
		t.Errorf("%v:\n%s", err, out.String())
	}
	t.Log("\n" + out.String())
}

// TestOwnTables holds what the corpus does not try.
func TestOwnTables(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	var out bytes.Buffer
	if err := run(files, &out); err != nil {
		t.Errorf("%v:\n%s", err, out.String())
	}
}

func TestRun(t *testing.T) {
	cases := []struct {
		file, text, want string
		fails            bool
	}{
		{"npm-2.txt", "# comment\n\n1.0.0 < 1.1.0\n// another\n1.0.0 == 1.0.0+x\n2.0.0 > 1.0.0\n", "agree 3 of 3\n", false},
		{"alpine.txt", "1.0_rc1 < 1.0\n", "agree 1 of 1\n", false},
		{"Red Hat.txt", "1:1 > 2\n", "agree 1 of 1\n", false},
		{"rocky-linux.9.txt", "1:1 > 2\n", "agree 1 of 1\n", false},
		{"crates.io-versions.txt", "1.0.0 > 1.0.0-a\n", "agree 1 of 1\n", false},
		{"apk3.txt", "1.0_rc1 < 1.0\n", "agree 1 of 1\n", false},
		{"rpm-nevra.txt", "a-1-1.x86_64 > a-1-1\n", "agree 1 of 1\n", false},
		{"debian.txt", "1.0 > 1.0~rc1\n1 > 2\n", "want 1 > 2, got <\n", true},
		{"cran.txt", "1 < a\n", "want 1 < a: \"a\" is not a version of CRAN", true},
	}
	for _, c := range cases {
		file := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := run([]string{file}, &out)
		if errors.Is(err, errDisagree) != c.fails || err != nil && !c.fails || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: %v, %s", c.file, err, out.String())
		}
	}
}

func TestRunRefuses(t *testing.T) {
	cases := []struct{ file, text, want string }{
		{"unknown.txt", "1 < 2\n", "the name says no known ecosystem"},
		{"npm.txt", "1.0.0\n", `npm.txt:1: "1.0.0" is no comparison`},
		{"npm.txt", "1.0.0 ~ 2.0.0\n", `"~" is none of`},
	}
	for _, c := range cases {
		file := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := run([]string{file}, new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.file, err, c.want)
		}
	}
	if err := run(nil, new(bytes.Buffer)); err == nil {
		t.Error("no file was accepted")
	}
	if err := run([]string{"--as", "npm", "/does/not/exist.txt"}, new(bytes.Buffer)); err == nil {
		t.Error("a file that does not exist was accepted")
	}
}
