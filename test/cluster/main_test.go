package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/kubetest"
	"github.com/foilsec/foil/test/cluster/process"
)

// runMainVariable makes the test binary behave as the command, so that the
// tests run the real program with real signals.
const runMainVariable = "FOIL_TEST_RUN_CLUSTER_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(runMainVariable) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), runMainVariable+"=1")
	return cmd
}

// invoke runs the command and returns standard output, standard error and exit
// code.
func invoke(t *testing.T, args ...string) (string, string, int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := command(t, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

func running(t *testing.T, dir string) int {
	t.Helper()
	family, err := process.Family(func(args []string) bool { return strings.Contains(strings.Join(args, " "), dir) })
	if err != nil {
		t.Fatal(err)
	}
	return len(family)
}

func TestUpStatusDown(t *testing.T) {
	kubetest.RequireMachine(t, kube.Options{})
	dir := filepath.Join(t.TempDir(), "cluster")
	t.Cleanup(func() {
		if err := kube.Stop(context.Background(), dir); err != nil {
			t.Error(err)
		}
	})
	out, progress, code := invoke(t, "up", "--dir", dir, "--fake-nodes", "1", "--audit", "--api-server-flag", "--min-request-timeout=600")
	if code != 0 {
		t.Fatalf("up ends with %d: %s", code, progress)
	}
	for _, want := range []string{"kubeconfig  " + dir + "/kubeconfig", "audit log   " + dir + "/audit.log", "stop        go run ./test/cluster down --dir " + dir} {
		if !strings.Contains(out, want) {
			t.Errorf("up does not print %q:\n%s", want, out)
		}
	}
	requirePodRuns(t, dir)

	out, _, _ = invoke(t, "status", "--dir", dir)
	for _, program := range []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "fake-pods"} {
		if !strings.Contains(out, program+" ") || strings.Contains(out, "ended") {
			t.Errorf("status does not show %s as running:\n%s", program, out)
		}
	}
	if _, message, code := invoke(t, "up", "--dir", dir); code != exitFailed || !strings.Contains(message, "runs in "+dir+" already") {
		t.Errorf("a second up ends with %d: %s", code, message)
	}
	if _, message, code := invoke(t, "down", "--dir", dir, "--delete"); code != 0 {
		t.Fatalf("down ends with %d: %s", code, message)
	}
	if n := running(t, dir); n != 0 {
		t.Errorf("%d processes are left after down", n)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is left after down --delete: %v", err)
	}
}

// requirePodRuns proves that what `up` left in the background works.
func requirePodRuns(t *testing.T, dir string) {
	t.Helper()
	c, err := kube.Open(dir, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"run", "taco", "--image=example.org/taco:1"},
		{"wait", "pod/taco", "--for=condition=Ready", "--timeout=60s"},
	} {
		if _, err := c.Kubectl(t.Context(), args...); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(c.AuditLog()); err != nil || info.Size() == 0 {
		t.Errorf("the audit log: %v", err)
	}
}

func TestInterruptStopsTheCluster(t *testing.T) {
	kubetest.RequireMachine(t, kube.Options{})
	for _, test := range []struct {
		name string
		// interruptAt is the output at which Ctrl-C is pressed.
		interruptAt string
		code        int
	}{
		{"while it starts", "etcd ", exitFailed},
		{"when it is ready", "stop ", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			cmd := command(t, "up", "--foreground", "--dir", dir)
			reader, writer := io.Pipe()
			cmd.Stdout, cmd.Stderr = writer, writer
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan int, 1)
			go func() {
				cmd.Wait()
				writer.Close()
				ended <- cmd.ProcessState.ExitCode()
			}()
			interrupted := false
			for lines := bufio.NewScanner(reader); lines.Scan(); {
				if !interrupted && strings.HasPrefix(lines.Text(), test.interruptAt) {
					interrupted = true
					if err := cmd.Process.Signal(os.Interrupt); err != nil {
						t.Error(err)
					}
				}
			}
			if code := <-ended; code != test.code || !interrupted {
				t.Errorf("exit code %d, want %d; interrupted: %t", code, test.code, interrupted)
			}
			if n := running(t, dir); n != 0 {
				t.Errorf("%d processes are left", n)
			}
		})
	}
}

func TestWrongUsage(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "no verb given"},
		{[]string{"fly"}, "unknown verb fly"},
		{[]string{"up", "--no-such-flag"}, "flag provided but not defined"},
		{[]string{"down", "everything"}, `unexpected argument "everything"`},
		{[]string{"up", "--api-server-flag", "v=4"}, "must have the form --name=value"},
	} {
		_, message, code := invoke(t, test.args...)
		if code != exitUsage || !strings.Contains(message, test.want) {
			t.Errorf("%v ends with %d: %s", test.args, code, message)
		}
	}
	if out, _, code := invoke(t, "help"); code != 0 || !strings.Contains(out, "usage: go run ./test/cluster VERB") {
		t.Errorf("help ends with %d: %s", code, out)
	}
}

func TestDownRefusesForeignFolders(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "precious")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, message, code := invoke(t, "down", "--dir", dir, "--delete")
	if code != exitFailed || !strings.Contains(message, "is not the folder of a cluster") {
		t.Errorf("down --delete ends with %d: %s", code, message)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error("down --delete removed a folder that is no cluster's")
	}
}
