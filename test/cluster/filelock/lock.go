// Package filelock makes processes on one machine take turns.
//
// A lock belongs to a file and to the process that took it; the kernel drops
// it when that process ends, so a crash never leaves a lock behind. The file
// itself stays and holds nothing.
package filelock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// errHeld is what try returns while another process has the lock.
var errHeld = errors.New("held by another process")

// Lock is a lock that this process holds.
type Lock struct{ file *os.File }

// Acquire waits until the lock is free or the context ends. When it must wait,
// it calls waiting once, so that the user learns why nothing happens.
func Acquire(ctx context.Context, path string, waiting func()) (*Lock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock file: %w", err)
	}
	for first := true; ; first = false {
		err := try(f)
		if err == nil {
			return &Lock{file: f}, nil
		}
		if !errors.Is(err, errHeld) {
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		if first && waiting != nil {
			waiting()
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, fmt.Errorf("wait for the lock %s: %w", path, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Release gives the lock back.
func (l *Lock) Release() { l.file.Close() }
