package machine

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// Install installs the Debian packages of what Check misses, and does nothing
// when nothing is missing. It needs root and a Debian or Ubuntu system.
func Install(ctx context.Context, node bool, out io.Writer) error {
	if err := supported(); err != nil {
		return err
	}
	absent := absentPrograms(node)
	if len(absent) == 0 {
		return nil
	}
	if os.Geteuid() != 0 {
		return &Missing{What: "installing packages needs root", Help: "run as root: apt-get " + strings.Join(installArguments(absent), " ")}
	}
	if _, err := Find("apt-get"); err != nil {
		return &Missing{What: "cannot install " + describe(absent) + " without apt-get", Help: "install it by the means of your system"}
	}
	if err := aptGet(ctx, out, "update"); err != nil {
		return err
	}
	return aptGet(ctx, out, installArguments(absent)...)
}

func aptGet(ctx context.Context, out io.Writer, args ...string) error {
	cmd := exec.CommandContext(ctx, "apt-get", args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("apt-get %v: %w", args, err)
	}
	return nil
}
