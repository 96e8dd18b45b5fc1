package stage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Supported says why programs can't be run here.
func Supported() error {
	if os.Geteuid() != 0 {
		return errors.New("running the program of an image needs the rights of root")
	}
	return nil
}

// mostComplaint bounds what a stage may write when it fails.
const mostComplaint = 16 << 10

// Run runs a request in a process of its own.
func Run(ctx context.Context, r Request) (*Result, error) {
	if err := Supported(); err != nil {
		return nil, err
	}
	request, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("start a stage: %w", err)
	}
	c := exec.CommandContext(ctx, self, Arguments()...) //nolint:gosec // this very program
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS,
		Setpgid:    true, // an interrupt at the terminal reaches foil, which ends the stage
	}
	c.WaitDelay = 5 * time.Second
	var answer bytes.Buffer
	complaint := &tail{most: mostComplaint}
	c.Stdout, c.Stderr = &answer, complaint
	input, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, fmt.Errorf("start a stage: %w; it needs the rights to make namespaces", err)
	}
	// The pipe stays open: its end tells the stage that foil is gone.
	_, err = input.Write(append(request, '\n'))
	err = errors.Join(err, c.Wait())
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("run the program of the image: %w: %s", err, complaint)
	}
	return readResult(answer.Bytes())
}

func readResult(answer []byte) (*Result, error) {
	var result Result
	if err := json.Unmarshal(answer, &result); err != nil {
		return nil, fmt.Errorf("read what the stage says: %w", err)
	}
	if result.Failure != "" {
		return nil, fmt.Errorf("set up a stage for the image: %s", result.Failure)
	}
	return &result, nil
}
