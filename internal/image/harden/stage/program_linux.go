package stage

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// running is a program of the image that was started.
type running struct {
	*exec.Cmd
	collected chan struct{} // closed when all that it wrote is collected
}

// outputTime is how long others that the program started may hold its output
// open after it ended.
const outputTime = time.Second

// wait waits for the end of the program, and for what it wrote.
func (r *running) wait() error {
	err := r.Wait()
	select {
	case <-r.collected:
	case <-time.After(outputTime):
	}
	return err
}

// startProgram starts a program of the image, and collects what it writes.
func startProgram(root string, p *Program, output *tail) (*running, error) {
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
	r := &running{c, make(chan struct{})}
	go func() {
		defer close(r.collected)
		_, _ = io.Copy(output, from) // ends when the last process that writes there ends
		_ = from.Close()
	}()
	return r, nil
}

// command is a program of the image, to be started.
func command(root string, p *Program) *exec.Cmd {
	groups := make([]uint32, len(p.Groups))
	for i, g := range p.Groups {
		groups[i] = uint32(g)
	}
	return &exec.Cmd{
		Path: p.Path, Args: p.Arguments, Env: p.Env, Dir: p.Folder,
		SysProcAttr: &syscall.SysProcAttr{
			Chroot: root, Setsid: true,
			Credential: &syscall.Credential{Uid: uint32(p.UID), Gid: uint32(p.GID), Groups: groups},
		},
	}
}
