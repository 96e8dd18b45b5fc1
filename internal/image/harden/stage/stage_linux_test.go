package stage_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/image/harden/stage"
)

// TestMain lets the test binary be the stage, as foil is.
func TestMain(m *testing.M) {
	if slices.Equal(os.Args[1:], stage.Arguments()) {
		if err := stage.Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// root makes a root folder with the shell of this machine, and what it needs.
func root(t *testing.T) string {
	t.Helper()
	if err := stage.Supported(); err != nil {
		t.Skip(err)
	}
	folder := t.TempDir()
	for _, program := range []string{"/bin/sh", "/bin/cat", "/bin/sleep", "/bin/mknod"} {
		libraries, err := exec.Command("ldd", program).Output()
		if err != nil {
			t.Skipf("what %s needs can't be found out: %v", program, err)
		}
		for _, word := range append(strings.Fields(string(libraries)), program) {
			if filepath.IsAbs(word) {
				copyFile(t, word, filepath.Join(folder, word))
			}
		}
	}
	for name, content := range map[string]string{"data/a": "hello", "data/b": "unread"} {
		if err := errors.Join(os.MkdirAll(filepath.Join(folder, "data"), 0o755), os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, content, 0o755)); err != nil {
		t.Fatal(err)
	}
}

func inside(words ...string) *stage.Program {
	return &stage.Program{Path: words[0], Arguments: words, Folder: "/"}
}

func request(t *testing.T, checks ...stage.Check) stage.Request {
	t.Helper()
	return stage.Request{Root: root(t), Scratch: t.TempDir(), Checks: checks, Start: 5 * time.Second, Check: 10 * time.Second, Trace: true}
}

// run skips where the machine does not let namespaces be made.
func run(ctx context.Context, t *testing.T, r stage.Request) *stage.Result {
	t.Helper()
	result, err := stage.Run(ctx, r)
	if err != nil && (strings.Contains(err.Error(), "not permitted") || strings.Contains(err.Error(), "set up a stage")) {
		t.Skipf("programs can't be run here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestWhatIsOpenedIsSeenAndNothingIsChanged(t *testing.T) {
	r := request(t, stage.Check{Kind: stage.Inside, Text: "x", Program: inside("/bin/sh", "-c", "cat /data/a; echo new > /data/c; echo other > /data/b")})
	result := run(context.Background(), t, r)
	if !result.Passed() || result.Checks[0].Detail != "hello" {
		t.Fatalf("the check: %+v", result.Checks)
	}
	for _, file := range []string{"data/a", "data/b", "bin/cat", "bin/sh"} {
		if !slices.Contains(result.Opened, file) {
			t.Errorf("%s was not seen: %v", file, result.Opened)
		}
	}
	if !slices.Contains(result.Executed, "bin/cat") || slices.Contains(result.Executed, "data/a") {
		t.Errorf("executed %v", result.Executed)
	}
	if names, err := os.ReadDir(filepath.Join(r.Root, "data")); err != nil || len(names) != 2 {
		t.Errorf("the folder was written: %v %v", names, err)
	}
	if content, err := os.ReadFile(filepath.Join(r.Root, "data/b")); err != nil || string(content) != "unread" {
		t.Errorf("a file was written: %q %v", content, err)
	}
}

func TestProgramsAreConfined(t *testing.T) {
	cases := map[string]string{
		"a device":            "mknod /d b 8 0",
		"the kernel":          "echo 1 > /proc/sys/kernel/panic",
		"its keys":            "echo h > /proc/sysrq-trigger", // help, should it be taken
		"another root":        "cat /../../../../../../etc/shadow",
		"the first process":   "cat /proc/1/root/etc/shadow",
		"what it does not do": "exit 1",
	}
	for name, command := range cases {
		r := request(t, stage.Check{Kind: stage.Inside, Text: name, Program: inside("/bin/sh", "-c", command)})
		if result := run(context.Background(), t, r); result.Passed() {
			t.Errorf("%s: it passed", name)
		}
	}
}

func TestChecksOfThisMachineShareTheNetwork(t *testing.T) {
	own, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		t.Skip(err)
	}
	r := request(t, stage.Check{Kind: stage.Host, Text: "readlink /proc/self/ns/net; cat /sys/class/net/lo/flags"})
	result := run(context.Background(), t, r)
	if !result.Passed() || strings.Contains(result.Checks[0].Detail, own) {
		t.Errorf("the check: %+v, and the network of this machine is %s", result.Checks, own)
	}
}

func TestAProgramThatEndsIsNotWaitedFor(t *testing.T) {
	r := request(t, stage.Check{Kind: stage.HTTP, Text: "http://127.0.0.1:1/"})
	r.Command, r.Start = *inside("/bin/sh", "-c", "echo broken; exit 3"), time.Hour
	result := run(context.Background(), t, r)
	if result.Passed() || !strings.Contains(result.Why(), "exit 3") || !strings.Contains(result.Why(), "broken") {
		t.Errorf("why: %s", result.Why())
	}
}

func TestAnInterruptLeavesNothing(t *testing.T) {
	r := request(t, stage.Check{Kind: stage.Host, Text: "sleep 1000"})
	r.Command = *inside("/bin/sleep", "1000.25")
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if _, err := stage.Run(ctx, r); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("it ended with %v", err)
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil || strings.Contains(string(mounts), r.Scratch) {
		t.Errorf("a mount is left (%v)", err)
	}
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range processes {
		if line, err := os.ReadFile(p); err == nil && strings.Contains(string(line), "1000.25") {
			t.Errorf("a process is left: %s", p)
		}
	}
}

func TestParseCheck(t *testing.T) {
	for text, want := range map[string]stage.Check{
		"http://127.0.0.1/":  {Kind: stage.HTTP, Text: "http://127.0.0.1/"},
		"exec: /app/test -v": {Kind: stage.Inside, Text: "/app/test -v"},
		"curl -f localhost":  {Kind: stage.Host, Text: "curl -f localhost"},
	} {
		if got, err := stage.ParseCheck(text); err != nil || got != want {
			t.Errorf("%q is %+v (%v)", text, got, err)
		}
	}
	for _, text := range []string{"", " ", "exec: "} {
		if _, err := stage.ParseCheck(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}
