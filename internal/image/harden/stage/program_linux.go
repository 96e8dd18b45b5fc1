package stage

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// startProgram starts a program of the image, and collects what it writes.
func startProgram(root string, p *Program, output *tail) (*exec.Cmd, error) {
	from, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = to.Close() }()
	// As in a container, the program may open /dev/stdout by its name.
	if err := to.Chown(p.UID, p.GID); err != nil {
		_ = from.Close()
		return nil, fmt.Errorf("give the output to the user of the program: %w", err)
	}
	c := command(root, p)
	c.Stdout, c.Stderr = to, to
	if err := startConfined(c); err != nil {
		_ = from.Close()
		return nil, err
	}
	go func() {
		_, _ = io.Copy(output, from) // ends when the last process that writes there ends
		_ = from.Close()
	}()
	return c, nil
}

// command is a program of the image, to be started.
func command(root string, p *Program) *exec.Cmd {
	groups := make([]uint32, len(p.Groups))
	for i, g := range p.Groups {
		groups[i] = uint32(g) //nolint:gosec // a group number
	}
	return &exec.Cmd{
		Path: p.Path, Args: p.Arguments, Env: p.Env, Dir: p.Folder,
		SysProcAttr: &syscall.SysProcAttr{
			Chroot: root, Setsid: true,
			Credential: &syscall.Credential{Uid: uint32(p.UID), Gid: uint32(p.GID), Groups: groups}, //nolint:gosec // user numbers
		},
	}
}
