package stage

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

// Serve carries out the request on its input, and writes the result. It is the
// first process of its namespaces: all others end with it.
func Serve(in io.Reader, out io.Writer) error {
	reader := bufio.NewReader(in)
	line, err := reader.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	var r Request
	if err := json.Unmarshal(line, &r); err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	go func() {
		_, _ = io.Copy(io.Discard, reader)
		os.Exit(1) //nolint:forbidigo // foil is gone, and this process is for it alone
	}()
	result, err := perform(&r)
	if err != nil {
		result = &Result{Failure: err.Error()}
	}
	return json.NewEncoder(out).Encode(result)
}

// perform sets the stage, runs the program and the checks, and clears it.
func perform(r *Request) (*Result, error) {
	if os.Getpid() != 1 {
		return nil, fmt.Errorf("it must be the first process of its own namespaces")
	}
	root, err := mountRoot(r.Root, r.Scratch)
	if err != nil {
		return nil, err
	}
	if err := loopbackUp(); err != nil {
		return nil, err
	}
	watch := (*watcher)(nil)
	if r.Trace {
		if watch, err = newWatcher(root); err != nil {
			return nil, err
		}
	}
	play := &play{request: r, root: root, result: &Result{}}
	play.run()
	if watch != nil {
		watch.settle(250*time.Millisecond, 3*time.Second)
	}
	play.stop()
	if watch != nil {
		watch.finish(play.result)
	}
	return play.result, nil
}
