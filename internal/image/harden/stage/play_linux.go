package stage

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// play is one performance of the program of an image.
type play struct {
	request *Request
	root    string
	result  *Result
	program *running
	output  *tail
	ended   chan error
}

const (
	mostOutput = 16 << 10
	stopTime   = 10 * time.Second
	retryTime  = 50 * time.Millisecond
)

// run starts the program and makes the checks.
func (p *play) run() {
	p.output, p.ended = &tail{most: mostOutput}, make(chan error, 1)
	if p.request.Command.Path != "" {
		p.start()
	}
	for _, check := range p.request.Checks {
		p.result.Checks = append(p.result.Checks, p.check(check))
	}
}

func (p *play) start() {
	c, err := startProgram(p.root, &p.request.Command, p.output)
	if err != nil {
		p.result.Ended = fmt.Sprintf("it did not start: %v", err)
		return
	}
	p.program = c
	go func() { p.ended <- c.wait() }()
}

// hasEnded reports whether the program is not running.
func (p *play) hasEnded() bool {
	if p.program == nil {
		return true
	}
	select {
	case err := <-p.ended:
		p.program, p.result.Ended = nil, fmt.Sprintf("it ended by itself: %s", exitText(err))
		return true
	default:
		return false
	}
}

// stop ends the program and everything that it left behind.
func (p *play) stop() {
	if !p.hasEnded() {
		_ = p.program.Process.Signal(stopSignal(p.request.StopSignal))
		select {
		case <-p.ended: //nolint:errcheck // how it ended is read elsewhere
		case <-time.After(stopTime):
		}
	}
	// All processes of the namespace but this one.
	_ = syscall.Kill(-1, syscall.SIGKILL)
	p.result.Output = p.output.String()
}

// check makes a check, and again while the program may be starting.
func (p *play) check(c Check) Outcome {
	end := time.Now().Add(p.request.Start)
	for {
		o := p.checkOnce(c)
		o.Check = c.String()
		if o.Passed || c.Kind == Inside || time.Now().After(end) || p.hasEnded() && p.request.Command.Path != "" {
			return o
		}
		time.Sleep(retryTime)
	}
}

func (p *play) checkOnce(c Check) Outcome {
	ctx, cancel := context.WithTimeout(context.Background(), p.request.Check)
	defer cancel()
	switch c.Kind {
	case HTTP:
		return get(ctx, c.Text)
	case Inside:
		return p.runInside(c)
	default:
		output := &tail{most: mostOutput}
		shell := exec.CommandContext(ctx, "/bin/sh", "-c", c.Text) //nolint:gosec // the user asks for it
		shell.Stdout, shell.Stderr, shell.WaitDelay = output, output, time.Second
		return outcome(shell.Run(), output)
	}
}

// runInside runs a command in the image.
func (p *play) runInside(c Check) Outcome {
	output := &tail{most: mostOutput}
	cmd, err := startProgram(p.root, c.Program, output)
	if err != nil {
		return Outcome{Answer: err.Error()}
	}
	timer := time.AfterFunc(p.request.Check, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	return outcome(cmd.wait(), output)
}

func outcome(err error, output *tail) Outcome {
	return Outcome{Passed: err == nil, Answer: exitText(err), Detail: output.String()}
}

// exitText says how a command ended.
func exitText(err error) string {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "exit 0"
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return fmt.Sprintf("exit %d", exit.ExitCode())
	}
	return err.Error()
}

// get asks for a page. Certificates are not checked: nothing but the program
// can answer in its network.
func get(ctx context.Context, address string) Outcome {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Outcome{Answer: err.Error()}
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true} //nolint:gosec // see above
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return Outcome{Answer: err.Error()}
	}
	_ = answer.Body.Close()
	return Outcome{Passed: answer.StatusCode < 400, Answer: fmt.Sprintf("status %d", answer.StatusCode)}
}

// stopSignal reads the signal of an image: a name or a number.
func stopSignal(text string) syscall.Signal {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return syscall.Signal(n)
	}
	if s := unix.SignalNum("SIG" + strings.TrimPrefix(strings.ToUpper(text), "SIG")); s != 0 {
		return s
	}
	return syscall.SIGTERM
}
