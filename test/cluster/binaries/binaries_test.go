package binaries

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/test/cluster/machine"
)

// The nested module must require the version that the cache is keyed by, and
// each of its replacements must be of the same release.
func TestNestedModuleHasTheSameVersion(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "kubernetes", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	module := string(data)
	if !strings.Contains(module, "require k8s.io/kubernetes "+Version+"\n") {
		t.Errorf("kubernetes/go.mod does not require %s", Version)
	}
	staging := "v0" + strings.TrimPrefix(Version, "v1")
	for line := range strings.Lines(module) {
		if _, target, found := strings.Cut(line, "=> "); found && !strings.HasSuffix(strings.TrimSpace(target), " "+staging) {
			t.Errorf("replacement of another release than %s: %s", staging, strings.TrimSpace(line))
		}
	}
}

// What tools.go does not name has no checksums, and building it would fail.
func TestNestedModuleNamesEveryProgram(t *testing.T) {
	tools, err := os.ReadFile(filepath.Join("..", "kubernetes", "tools.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range packages(Node()) {
		if !strings.Contains(string(tools), `"`+path+`"`) {
			t.Errorf("kubernetes/tools.go does not name %s", path)
		}
	}
}

func TestEnsureUsesTheCache(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	base, err := Base()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(Folder(base), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(Folder(base), "kubectl"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	// No go command can be found, so that building would fail.
	t.Setenv("PATH", t.TempDir())
	var out strings.Builder
	folder, err := Ensure(t.Context(), &out, []string{"kubectl"})
	if err != nil || folder != Folder(base) || out.Len() > 0 {
		t.Errorf("folder %q, error %v, output %q", folder, err, out.String())
	}
	var missing *machine.Missing
	if _, err := Ensure(t.Context(), &out, Node()); !errors.As(err, &missing) || !strings.Contains(err.Error(), "no go command") {
		t.Errorf("programs that are not in the cache: %v", err)
	}
}

// Without a network and with nothing cached, tests must be able to skip.
func TestNoNetworkIsToldApart(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("GOCACHE", t.TempDir())
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOPROXY", "off")
	_, err := Ensure(t.Context(), os.Stderr, []string{"kubectl"})
	var missing *machine.Missing
	if !errors.As(err, &missing) {
		t.Fatalf("error %v is not a *machine.Missing", err)
	}
	if !strings.Contains(err.Error(), "cannot be fetched") || !strings.Contains(err.Error(), "go run ./test/cluster build") {
		t.Errorf("error: %v", err)
	}
}

func TestBuildFailureTellsTimeFromBrokenSources(t *testing.T) {
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	var missing *machine.Missing
	if err := buildFailure(late, errors.New("signal: interrupt"), nil); !errors.As(err, &missing) {
		t.Errorf("out of time: %v", err)
	}
	err := buildFailure(t.Context(), errors.New("exit status 1"), []byte("x.go:1: syntax error"))
	if errors.As(err, &missing) || !strings.Contains(err.Error(), "x.go:1: syntax error") {
		t.Errorf("broken sources: %v", err)
	}
}
