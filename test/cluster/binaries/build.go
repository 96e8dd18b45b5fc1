package binaries

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/foilsec/foil/test/cluster/machine"
)

const productModule = "github.com/foilsec/foil"

// build compiles the named programs beside the folder and moves them in when
// all are done, so that nobody ever sees half a program.
func build(ctx context.Context, out io.Writer, folder string, names []string) error {
	sources, err := sourceFolder(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "building Kubernetes %s (%s); minutes the first time, then cached in %s\n",
		Version, strings.Join(names, ", "), folder)
	if err := fetch(ctx, sources, packages(names)); err != nil {
		return err
	}
	scratch, err := freshFolder(folder)
	if err != nil {
		return fmt.Errorf("make a folder to build in: %w", err)
	}
	defer os.RemoveAll(scratch)

	began := time.Now()
	args := append([]string{"build", "-o", scratch, "-ldflags", linkFlags()}, packages(names)...)
	if output, err := goCommand(ctx, sources, args...); err != nil {
		return buildFailure(ctx, err, output)
	}
	for _, name := range names {
		if err := os.Rename(filepath.Join(scratch, name), filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("put %s into the cache: %w", name, err)
		}
	}
	fmt.Fprintf(out, "built in %s\n", time.Since(began).Round(time.Second))
	return nil
}

// freshFolder makes a folder to build in, and removes those of builders that
// were ended by force; the lock says that there is no other builder.
func freshFolder(folder string) (string, error) {
	const prefix = "building-"
	old, err := filepath.Glob(filepath.Join(folder, prefix+"*"))
	if err != nil {
		return "", err
	}
	for _, o := range old {
		if err := os.RemoveAll(o); err != nil {
			return "", err
		}
	}
	return os.MkdirTemp(folder, prefix)
}

// buildFailure tells a build that ran out of time from a broken one: the
// first only needs to be continued, for the Go build cache keeps what is done.
func buildFailure(ctx context.Context, err error, output []byte) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &machine.Missing{
			What: "the Kubernetes programs were not built within the time that was left",
			Help: "run once: go run ./test/cluster build",
		}
	}
	return fmt.Errorf("build Kubernetes %s: %w\n%s", Version, err, output)
}

// fetch downloads the modules that the programs need. Apart from the build,
// so that a machine without network is told apart from a broken build.
func fetch(ctx context.Context, sources string, packages []string) error {
	output, err := goCommand(ctx, sources, append([]string{"list", "-deps", "-f", "{{if .Error}}{{.Error}}{{end}}"}, packages...)...)
	if err == nil {
		return nil
	}
	return &machine.Missing{
		What: fmt.Sprintf("the Go modules of Kubernetes %s cannot be fetched: %v: %s", Version, err, bytes.TrimSpace(output)),
		Help: "with a network, run once: go run ./test/cluster build",
	}
}

// sourceFolder finds the nested module from any folder of the product's module.
func sourceFolder(ctx context.Context) (string, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return "", &machine.Missing{What: "the Kubernetes programs are not built yet and there is no go command to build them with", Help: "put go into PATH"}
	}
	output, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", productModule).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("find the module %s: %w: %s; run this inside its checkout", productModule, err, bytes.TrimSpace(output))
	}
	return filepath.Join(string(bytes.TrimSpace(output)), "test", "cluster", "kubernetes"), nil
}

// goCommand runs the go command in the nested module. Programs are static, so
// that no C compiler is needed and they run in any container.
func goCommand(ctx context.Context, sources string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = sources
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd.CombinedOutput()
}

func packages(names []string) []string {
	var paths []string
	for _, name := range names {
		paths = append(paths, "k8s.io/kubernetes/cmd/"+name)
	}
	return paths
}

// linkFlags stamp the version into the programs. Without it, nodes report a
// placeholder and kubectl fails to compare versions.
func linkFlags() string {
	numbers := strings.Split(strings.TrimPrefix(Version, "v"), ".")
	stamp := func(key, value string) string {
		return " -X k8s.io/component-base/version." + key + "=" + value +
			" -X k8s.io/client-go/pkg/version." + key + "=" + value
	}
	return "-s -w" + stamp("gitVersion", Version) + stamp("gitMajor", numbers[0]) + stamp("gitMinor", numbers[1])
}
