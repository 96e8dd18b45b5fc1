package process_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/test/cluster/process"
)

func start(t *testing.T, script string) *process.Child {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: test clusters run on Linux only")
	}
	log := filepath.Join(t.TempDir(), "log")
	child, err := process.Start(process.Command{Name: "script", Path: "/bin/sh", Args: []string{"-c", script}, Log: log, DieWithParent: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Kill(context.Background()) })
	return child
}

// waitForLog returns when a script has written a word, so that it is known to
// have come that far.
func waitForLog(t *testing.T, child *process.Child, word string) {
	t.Helper()
	for !strings.Contains(process.Tail(child.Log, 10), word) {
		select {
		case <-child.Ended():
			t.Fatalf("the script ended: %s", process.Tail(child.Log, 10))
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestStopWaitsForTheEnd(t *testing.T) {
	child := start(t, `trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done`)
	waitForLog(t, child, "ready")
	if !child.Alive() {
		t.Fatal("a running process is not alive")
	}
	if err := child.Stop(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	if child.Alive() {
		t.Error("the process is alive after Stop")
	}
	if tail := process.Tail(child.Log, 1); tail != "bye" {
		t.Errorf("the process could not end by itself: %q", tail)
	}
	if err := child.Stop(t.Context(), time.Minute); err != nil {
		t.Errorf("stopping it once more: %v", err)
	}
}

func TestStopEndsAStubbornProcess(t *testing.T) {
	child := start(t, `trap '' TERM; echo ready; while :; do sleep 0.01; done`)
	waitForLog(t, child, "ready")
	if err := child.Stop(t.Context(), 50*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	<-child.Ended()
}

// An id that now belongs to another process must be left alone.
func TestReusedIDIsLeftAlone(t *testing.T) {
	child := start(t, `echo ready; exec sleep 600`)
	waitForLog(t, child, "ready")
	other := child.Record
	other.Started = "1"
	if other.Alive() {
		t.Error("a process with another start time counts as the recorded one")
	}
	if err := other.Stop(t.Context(), time.Second); err != nil {
		t.Error(err)
	}
	if !child.Alive() {
		t.Error("the process was ended although its start time differs from the record")
	}
}

func TestFamilyHasDescendantsAndNobodyElse(t *testing.T) {
	marker := "foil-family-" + filepath.Base(t.TempDir()) + t.Name()
	child := start(t, `sleep 600 & echo ready; wait # `+marker)
	waitForLog(t, child, "ready")
	family, err := process.Family(func(args []string) bool { return strings.Contains(strings.Join(args, " "), marker) })
	if err != nil {
		t.Fatal(err)
	}
	if len(family) != 2 {
		t.Fatalf("%d processes, want the shell and its child: %+v", len(family), family)
	}
	for _, p := range family {
		if p.PID == os.Getpid() {
			t.Error("the family includes its parent")
		}
		if err := p.Kill(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestMissingProgramIsAnError(t *testing.T) {
	_, err := process.Start(process.Command{Name: "ghost", Path: "/no/such/program", Log: filepath.Join(t.TempDir(), "log")})
	if err == nil || !strings.Contains(err.Error(), "start ghost (/no/such/program)") {
		t.Errorf("error: %v", err)
	}
}

func TestTail(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	for _, test := range []struct {
		content string
		lines   int
		want    string
	}{
		{"", 3, ""},
		{"one", 3, "one"},
		{"one\ntwo\nthree\n", 2, "two\nthree"},
		{"one\ntwo\n\n", 1, "two"},
		{strings.Repeat("x", 100_000) + "\nlast\n", 1, "last"},
	} {
		if err := os.WriteFile(file, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := process.Tail(file, test.lines); got != test.want {
			t.Errorf("last %d lines of %.20q: %.20q, want %q", test.lines, test.content, got, test.want)
		}
	}
	if got := process.Tail(file+".none", 1); !strings.Contains(got, "no log") {
		t.Errorf("tail of a missing file: %q", got)
	}
}

func TestFreePortsAreDifferentAndFree(t *testing.T) {
	ports, err := process.FreePorts("127.0.0.1", 20)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for _, p := range ports {
		seen[p] = true
	}
	if len(seen) != 20 {
		t.Errorf("%d different ports, want 20", len(seen))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if port := l.Addr().(*net.TCPAddr).Port; process.PortFree("127.0.0.1", port) {
		t.Errorf("port %d counts as free while it is listened on", port)
	}
}
