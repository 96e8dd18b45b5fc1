package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// sample is what one run of a command cost.
type sample struct {
	cpu, wall time.Duration
	peak      int64 // bytes of resident memory at the highest
}

// measure runs a command once. Findings and incomplete coverage are results,
// exit codes 2 and 3; every other failure is one here too.
func measure(ctx context.Context, binary string, arguments []string) (sample, error) {
	var complaints bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, arguments...)
	cmd.Stderr = &complaints
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err := failure(err); err != nil {
		return sample{}, fmt.Errorf("%s %s: %w%s", binary, strings.Join(arguments, " "), err, lastLine(complaints.String()))
	}
	state := cmd.ProcessState
	return sample{cpu: state.UserTime() + state.SystemTime(), wall: wall, peak: peakOf(state.SysUsage())}, nil
}

func failure(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && (exit.ExitCode() == 2 || exit.ExitCode() == 3) {
		return nil
	}
	return err
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	return ": " + text[strings.LastIndexByte(text, '\n')+1:]
}

// peakOf reads the peak of a finished process. The kernel starts a child's peak
// at the size of the process that forked it, so this program stays small: it
// streams its inputs and keeps no output.
func peakOf(usage any) int64 {
	u, ok := usage.(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return u.Maxrss // bytes there, kilobytes elsewhere
	}
	return u.Maxrss * 1024
}

// ownUsage is the CPU time of this process.
func ownUsage() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("read this process's resource usage: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// median is the middle value, the mean of the two in the middle for an even count.
func median[T ~int64 | ~float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
