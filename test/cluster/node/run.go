package node

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/foilsec/foil/test/cluster/machine"
)

// run runs a program of the machine and returns its standard output; a failure
// carries what the program said.
func run(ctx context.Context, name string, args ...string) (string, error) {
	return runWithInput(ctx, nil, name, args...)
}

func runWithInput(ctx context.Context, input io.Reader, name string, args ...string) (string, error) {
	path, err := machine.Find(name)
	if err != nil {
		return "", err
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = input, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.String(), nil
}
