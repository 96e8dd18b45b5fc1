package cli_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipesAndDevicesAreNotReplaced writes to a named pipe: a report that took
// its place, or that of /dev/null, would break whatever uses it.
func TestPipesAndDevicesAreNotReplaced(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("a named pipe can't be made here: %v", err)
	}
	read := make(chan int)
	go func() {
		f, err := os.Open(pipe)
		if err != nil {
			read <- -1
			return
		}
		defer f.Close()
		data, _ := io.ReadAll(f)
		read <- len(data)
	}()
	if code, _, stderr := foil(t, "scan", "pkg:npm/left@1.0.0", "--max-db-age", "0h", "-o", "json="+pipe); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if n := <-read; n <= 0 {
		t.Errorf("%d bytes came through the pipe", n)
	}
	info, err := os.Lstat(pipe)
	if err != nil || info.Mode().Type() != fs.ModeNamedPipe {
		t.Errorf("the pipe is now %v, %v", info, err)
	}
	if code, _, stderr := foil(t, "snapshot", "../../examples/burrito-shop/payments", "-o", pipe); code != 1 || stderr == "" {
		t.Errorf("snapshot over a pipe: exit code %d: %s", code, stderr)
	}
}
