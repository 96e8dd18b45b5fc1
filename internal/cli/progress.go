package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// progress shows on a terminal what long work is doing. Everywhere else it is
// silent.
type progress struct {
	mu    sync.Mutex
	w     io.Writer // nil: silent
	stage string
	shown bool
	last  time.Time
}

func newProgress(w io.Writer) *progress {
	p := &progress{}
	if isTerminal(w) {
		p.w = w
	}
	return p
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// begin names what is done now.
func (p *progress) begin(stage string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stage = stage
	p.print(stage)
}

// stageOf is begin for a pipeline, with something to do once all is read.
func (p *progress) stageOf(allRead func()) func(string) {
	return func(stage string) {
		if stage == "derive" {
			allRead()
		}
		p.begin(stage)
	}
}

// files tells how much of the stage is done.
func (p *progress) files(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	const often = 100 * time.Millisecond
	if now := time.Now(); now.Sub(p.last) > often {
		p.last = now
		p.print(fmt.Sprintf("%s %d of %d", p.stage, done, total))
	}
}

// layers tells how much of an image is read.
func (p *progress) layers(done, total int, bytes, all int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	const often = 100 * time.Millisecond
	if now := time.Now(); now.Sub(p.last) > often {
		p.last = now
		p.print(fmt.Sprintf("%s layer %d of %d, %d of %d MB", p.stage, min(done+1, total), total, bytes>>20, all>>20))
	}
}

func (p *progress) print(text string) {
	if p.w == nil {
		return
	}
	p.shown = true
	_, _ = fmt.Fprintf(p.w, "\r\x1b[K%s", text)
}

// end clears the line. It may be called again.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		_, _ = fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.w, p.shown = nil, false
}
