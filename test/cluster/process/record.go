// Package process starts the programs of a test cluster in the background,
// finds them again from a later run, and ends them.
//
// It knows nothing about Kubernetes. What it starts is described by a Command,
// what it remembers is a Record that the caller stores. It never ends a
// process that it cannot prove to be the recorded one: a process is known by
// its id together with its start time, so that a reused id is left alone.
package process

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Record is what is needed to find a process again: its id alone may have
// been given to another program since.
type Record struct {
	Name    string `json:"name"`
	PID     int    `json:"pid"`
	Started string `json:"started"`
	Log     string `json:"log,omitempty"`
}

// Self returns the record of the calling process.
func Self() (Record, error) {
	self, err := inspect(os.Getpid())
	if err != nil {
		return Record{}, fmt.Errorf("read the start time of this process: %w", err)
	}
	return Record{Name: "owner", PID: self.pid, Started: self.started}, nil
}

// Alive reports whether the recorded process still runs. A process that has
// ended but that its parent has not yet collected counts as ended.
func (r Record) Alive() bool {
	found, err := inspect(r.PID)
	return err == nil && !found.ended && found.started == r.Started
}

// Stop asks the process to end, waits until it has, and ends it by force when
// it is still there after the grace period. A process that is gone is no error.
func (r Record) Stop(ctx context.Context, grace time.Duration) error {
	if err := r.signal(syscall.SIGTERM); err != nil {
		return err
	}
	if r.wait(ctx, grace) {
		return nil
	}
	return r.Kill(context.WithoutCancel(ctx))
}

// Kill ends the process by force and waits until it is gone.
func (r Record) Kill(ctx context.Context) error {
	if err := r.signal(syscall.SIGKILL); err != nil {
		return err
	}
	if r.wait(ctx, 10*time.Second) {
		return nil
	}
	return fmt.Errorf("stop %s: process %d is still there after SIGKILL; it probably waits for a disk or a mount", r.Name, r.PID)
}

// signal opens the process before it checks the identity, so that the id
// cannot change hands between the check and the signal.
func (r Record) signal(sig syscall.Signal) error {
	p, err := os.FindProcess(r.PID)
	if err != nil {
		return fmt.Errorf("find %s (process %d): %w", r.Name, r.PID, err)
	}
	defer func() { _ = p.Release() }()
	if !r.Alive() {
		return nil
	}
	if err := p.Signal(sig); err != nil && r.Alive() {
		return fmt.Errorf("send %s to %s (process %d): %w", sig, r.Name, r.PID, err)
	}
	return nil
}

// wait reports whether the process ended within the given time.
func (r Record) wait(ctx context.Context, limit time.Duration) bool {
	deadline := time.Now().Add(limit)
	for r.Alive() {
		if ctx.Err() != nil || time.Now().After(deadline) {
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return true
}

// MemoryKB returns how much memory the process holds, 0 when that is not known.
func (r Record) MemoryKB() int {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(r.PID) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			return kb
		}
	}
	return 0
}
