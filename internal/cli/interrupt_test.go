package cli_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/foilsec/foil/internal/cli"
)

// interrupted is standard input at which somebody presses Ctrl-C.
type interrupted struct {
	press context.CancelFunc
	text  io.Reader
}

func (r *interrupted) Read(p []byte) (int, error) {
	r.press()
	return r.text.Read(p)
}

// TestInterruptLeavesNothing stops a scan while it reads: no report is written,
// not even a part, and the code is not one of a scan that ran.
func TestInterruptLeavesNothing(t *testing.T) {
	for _, arguments := range [][]string{
		{"scan", "-", "-o", "json=FOLDER/report.json", "-o", "html=FOLDER/report.html"},
		{"scan", "-", "-o", "json=FOLDER/old.json"},
		{"snapshot", "-", "-o", "FOLDER/saved.foil"},
		{"snapshot", "-", "-o", "FOLDER/old.json"},
	} {
		folder := t.TempDir()
		old := filepath.Join(folder, "old.json")
		if err := os.WriteFile(old, []byte("kept"), 0o600); err != nil {
			t.Fatal(err)
		}
		for i := range arguments {
			arguments[i] = string(bytes.ReplaceAll([]byte(arguments[i]), []byte("FOLDER"), []byte(folder)))
		}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		pod := bytes.NewReader([]byte("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n"))
		var out, errors bytes.Buffer
		code := cli.Run(ctx, arguments, cli.Streams{In: &interrupted{cancel, pod}, Out: &out, Err: &errors})
		if code != cli.CodeFailed || errors.String() != "foil: interrupted\n" || out.Len() > 0 {
			t.Errorf("%q: code %d, output %q, errors %q", arguments, code, &out, &errors)
		}
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(old)
		if len(entries) != 1 || err != nil || string(text) != "kept" {
			t.Errorf("%q left %v; the old file holds %q, %v", arguments, entries, text, err)
		}
	}
}

// TestFailedWriterLeavesNothing has a disk that is full: standard output that
// can't be written is an error, not a clean end.
func TestFailedWriterLeavesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pod.yaml")
	if err := os.WriteFile(path, []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"table", "json", "yaml", "sarif", "junit", "html", "csv", "markdown", "policyreport", "openreports"} {
		var errors bytes.Buffer
		code := cli.Run(context.Background(), []string{"scan", path, "-o", form}, cli.Streams{In: &bytes.Buffer{}, Out: full{}, Err: &errors})
		if code != cli.CodeFailed || !bytes.Contains(errors.Bytes(), []byte("/dev/full")) {
			t.Errorf("%s: code %d, errors %q", form, code, &errors)
		}
	}
}

// full is a device without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errNoSpace }

var errNoSpace = &os.PathError{Op: "write", Path: "/dev/full", Err: io.ErrShortWrite}
