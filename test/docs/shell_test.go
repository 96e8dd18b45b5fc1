package docs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// patience is the longest that the commands of one block may take.
const patience = 5 * time.Minute

// result is what a command printed and how it ended.
type result struct {
	lines  []string
	status int
}

// shell runs the commands of one page in one folder.
type shell struct {
	folder      string
	environment []string
}

// run runs commands in one bash, so that what one sets the next one sees. Each
// is followed by a mark with its exit status.
func (s *shell) run(ctx context.Context, commands []string) ([]result, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var script strings.Builder
	for _, command := range commands {
		fmt.Fprintf(&script, "eval %s\n__status=$?; printf '\\000%%d\\000' $__status; (exit $__status)\n", quote(command))
	}
	bash := exec.CommandContext(ctx, "bash", "-c", script.String())
	bash.Dir, bash.Env = s.folder, s.environment
	var output bytes.Buffer
	bash.Stdout, bash.Stderr = &output, &output
	bash.WaitDelay = time.Second
	err := bash.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return nil, fmt.Errorf("run bash: %w", err)
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("the block did not end within %v; so far:\n%s", patience, output.Bytes())
	}
	parts := strings.Split(output.String(), "\x00")
	var results []result
	for i := 0; i+1 < len(parts); i += 2 {
		status, err := strconv.Atoi(parts[i+1])
		if err != nil {
			return nil, fmt.Errorf("a command printed a zero byte: %w", err)
		}
		results = append(results, result{splitLines(parts[i]), status})
	}
	if len(results) != len(commands) {
		return nil, fmt.Errorf("the shell ended after %d of %d commands: %s", len(results), len(commands), parts[len(parts)-1])
	}
	return results, nil
}

// write puts a file into the folder of the page.
func (s *shell) write(t *testing.T, name, content string) {
	t.Helper()
	path := filepath.Join(s.folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// quote makes one word of a text for the shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// asRun is a command as it is run: foil is built already.
func asRun(command string) string { return strings.ReplaceAll(command, "go run ./cmd/foil", "foil") }

// copyRepository copies what is committed, in its present state, into a new
// folder, so that commands can write.
func copyRepository(t *testing.T) string {
	t.Helper()
	target := filepath.Join(t.TempDir(), "foil")
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z")
	list.Dir = root
	output, err := list.Output()
	if err != nil {
		t.Logf("git does not list the files (%v): everything in the folder is copied", err)
		if err := os.CopyFS(target, os.DirFS(root)); err != nil {
			t.Fatal(err)
		}
		return target
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(output), "\x00"), "\x00") {
		if err := copyFile(filepath.Join(root, name), filepath.Join(target, name)); err != nil {
			t.Fatal(err)
		}
	}
	return target
}

// copyFile copies a regular file; what is no longer there is left out.
func copyFile(from, to string) error {
	info, err := os.Lstat(from)
	if errors.Is(err, os.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil
	}
	if err != nil {
		return err
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, content, info.Mode().Perm())
}
