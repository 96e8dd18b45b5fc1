package process

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
)

// Command describes a program to run in the background.
type Command struct {
	Name string
	Path string
	Args []string
	// Env is added to the caller's environment.
	Env []string
	// Log is the file that the program's output is appended to.
	Log string
	// DieWithParent asks the kernel to end the program when the caller dies,
	// however that happens.
	DieWithParent bool
}

// Child is a running program that this process started.
type Child struct {
	Record
	ended chan struct{}
}

// Ended is closed when the program has ended and was collected.
func (c *Child) Ended() <-chan struct{} { return c.ended }

// Start runs the command in a session of its own, so that neither Ctrl-C nor a
// closing terminal reaches it.
func Start(c Command) (*Child, error) {
	log, err := os.OpenFile(c.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of %s: %w", c.Name, err)
	}
	defer log.Close()

	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = attributes(c.DieWithParent)

	child := &Child{ended: make(chan struct{})}
	started := make(chan error, 1)
	go run(cmd, started, child.ended)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s (%s): %w", c.Name, c.Path, err)
	}
	child.Record = Record{Name: c.Name, PID: cmd.Process.Pid, Log: c.Log}
	// The start time stays empty when the program has ended already; such a
	// record is never alive, which is right.
	found, _ := inspect(child.PID)
	child.Started = found.started
	return child, nil
}

// run starts and collects the program from one thread that it keeps: the
// kernel counts the end of the starting thread as the end of the parent.
func run(cmd *exec.Cmd, started chan<- error, ended chan<- struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	started <- err
	if err != nil {
		return
	}
	// Why it ended is in its log; the caller only needs to know that it did.
	_ = cmd.Wait()
	close(ended)
}
