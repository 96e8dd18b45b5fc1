package stage

import (
	"fmt"
	"strings"
	"time"
)

// Arguments are the arguments with which foil is started on a stage.
func Arguments() []string { return []string{"image", "harden-stage"} }

// Request says what to run, and where.
type Request struct {
	Root       string        // the root folder of the image
	Scratch    string        // an empty folder to mount on
	Command    Program       // the program of the image; without a path there is none
	StopSignal string        // that asks it to end, as an image has it
	Checks     []Check       // in this order
	Start      time.Duration // how long a check may fail while the program starts
	Check      time.Duration // how long one check may take
	Trace      bool          // whether to say what is opened
}

// Program is a program in the image.
type Program struct {
	Path      string   // absolute in the image
	Arguments []string // with the name in the first place
	Env       []string
	Folder    string
	UID, GID  int
	Groups    []int
}

// Kind is how a check is made.
type Kind string

// The kinds.
const (
	HTTP   Kind = "http" // a GET that must be answered with a status below 400
	Host   Kind = "host" // a shell command of this machine, in the network of the image
	Inside Kind = "exec" // a command in the image
)

// Check is one check of the program.
type Check struct {
	Kind    Kind
	Text    string   // as the user wrote it, without its kind
	Program *Program `json:",omitempty"` // of a check inside
}

// ParseCheck reads a check: an http or https address, "exec:" and a command in
// the image, or a shell command of this machine.
func ParseCheck(text string) (Check, error) {
	text = strings.TrimSpace(text)
	inside, isInside := strings.CutPrefix(text, string(Inside)+":")
	switch {
	case text == "" || isInside && strings.TrimSpace(inside) == "":
		return Check{}, fmt.Errorf("check %q: there is no command", text)
	case isInside:
		return Check{Kind: Inside, Text: strings.TrimSpace(inside)}, nil
	case strings.HasPrefix(text, "http://"), strings.HasPrefix(text, "https://"):
		return Check{Kind: HTTP, Text: text}, nil
	}
	return Check{Kind: Host, Text: text}, nil
}

// String is the check as a user writes it.
func (c Check) String() string {
	if c.Kind == Inside {
		return string(Inside) + ":" + c.Text
	}
	return c.Text
}

// Result is what happened.
type Result struct {
	Opened   []string // files in the image that were opened, sorted
	Executed []string // of them, those that were executed
	Lost     bool     // the kernel dropped events: more may have been opened
	Checks   []Outcome
	Output   string // the end of what the program wrote
	Ended    string // how the program ended by itself; empty when foil ended it
	Failure  string // why the stage could not be set up
}

// Outcome is what a check came to.
type Outcome struct {
	Check  string
	Passed bool
	Answer string // what tells one outcome from another: "status 200", "exit 0"
	Detail string // the end of what was written
}

// Passed reports whether all checks passed, of which there was one at least.
func (r *Result) Passed() bool {
	for _, c := range r.Checks {
		if !c.Passed {
			return false
		}
	}
	return len(r.Checks) > 0
}

// Why names the first check that did not pass.
func (r *Result) Why() string {
	for _, c := range r.Checks {
		if c.Passed {
			continue
		}
		why := fmt.Sprintf("%s: %s", c.Check, c.Answer)
		for _, more := range []string{c.Detail, r.Ended, r.Output} {
			if more = strings.TrimSpace(more); more != "" {
				why += "\n" + more
			}
		}
		return why
	}
	return ""
}
