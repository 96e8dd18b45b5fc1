package cli_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/foilsec/foil/internal/cli"
)

const privilegedPod = `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
spec: {containers: [{name: c, image: nginx, securityContext: {privileged: true}}]}
`

// terminal opens a pseudo terminal of so many columns and collects what is
// written to it.
func terminal(t *testing.T, columns uint16) (tty *os.File, text func() string) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(int(tty.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 50, Col: columns}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(&out, master) // ends with an error once the terminal is closed
	}()
	return tty, func() string {
		_ = tty.Close()
		<-done
		_ = master.Close()
		return strings.ReplaceAll(out.String(), "\r\n", "\n")
	}
}

// podFile is a file with a pod that has faults.
func podFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pod.yaml")
	if err := os.WriteFile(path, []byte(privilegedPod), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestColour: colour only at a terminal, and never with NO_COLOR.
func TestColour(t *testing.T) {
	path := podFile(t)
	for name, test := range map[string]struct {
		environment map[string]string
		colour      bool
	}{
		"a terminal":      {nil, true},
		"NO_COLOR":        {map[string]string{"NO_COLOR": "1"}, false},
		"an empty one":    {map[string]string{"NO_COLOR": ""}, true},
		"a dumb terminal": {map[string]string{"TERM": "dumb"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("NO_COLOR", "")
			t.Setenv("TERM", "xterm")
			t.Setenv("LC_ALL", "C")
			for key, value := range test.environment {
				t.Setenv(key, value)
			}
			tty, text := terminal(t, 100)
			var errors bytes.Buffer
			code := cli.Run(context.Background(), []string{"scan", path}, cli.Streams{In: strings.NewReader(""), Out: tty, Err: &errors})
			got := text()
			if code != cli.CodeClean || errors.Len() > 0 || !strings.Contains(got, "Harden the containers of Pod shop/a") {
				t.Fatalf("code %d, errors %q, output\n%s", code, &errors, got)
			}
			if strings.Contains(got, "\x1b[") != test.colour {
				t.Errorf("colour: %t, want %t", !test.colour, test.colour)
			}
		})
	}
}

// TestWidth: lines fit the terminal, and 80 columns where there is none.
func TestWidth(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	t.Setenv("LC_ALL", "C")
	path := podFile(t)
	for _, columns := range []uint16{60, 120} {
		tty, text := terminal(t, columns)
		cli.Run(context.Background(), []string{"scan", path, "--verbose"}, cli.Streams{In: strings.NewReader(""), Out: tty, Err: io.Discard})
		longest := 0
		for line := range strings.Lines(text()) {
			if words := strings.Fields(line); len(words) > 1 && !strings.Contains(line, path) {
				longest = max(longest, len([]rune(strings.TrimRight(line, "\n"))))
			}
		}
		if longest > int(columns) || longest < int(columns)/2 {
			t.Errorf("%d columns: the longest line has %d", columns, longest)
		}
	}
}

// TestProgress: what is going on is told at a terminal only, and wiped away.
func TestProgress(t *testing.T) {
	path := podFile(t)
	tty, text := terminal(t, 80)
	var out bytes.Buffer
	if code := cli.Run(context.Background(), []string{"scan", path, "-o", "json"}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: tty}); code != cli.CodeClean {
		t.Errorf("code %d", code)
	}
	got := text()
	if !strings.Contains(got, "\r\x1b[Kanalyze") || !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("progress %q", got)
	}
	if strings.Contains(out.String(), "\x1b") || !strings.HasPrefix(out.String(), "{") {
		t.Errorf("standard output begins with %.80q", out.String())
	}
}
