package harden

import (
	"context"
	"errors"
	"time"

	"github.com/foilsec/foil/internal/image/harden/prune"
	"github.com/foilsec/foil/internal/image/harden/stage"
)

// Options say what to harden, and how.
type Options struct {
	Image     string // a reference, as package source/image takes it
	Platform  string // of several; empty for Linux on this architecture
	Output    string // the archive to write
	Reference string // the name in it; empty for none
	Force     bool   // write over a file that exists
	Level     prune.Level
	Static    bool // do not run the program
	Keep      []string
	Probes    []stage.Check // made while the program is watched, and again on the result
	Verify    []stage.Check // made on the result alone
	Profile   *Profile      // of an earlier run, instead of watching the program
	// KeepUser leaves the user of the image as it is.
	KeepUser bool
	Start    time.Duration // how long the program may take to start
	Epoch    *time.Time    // the time of the result; nil for that of the image
	Temp     string        // where to make the private folder; empty for the system's
	Version  string        // of foil
	// Findings lists the known flaws of the packages in an image file; nil when
	// they are not counted.
	Findings func(ctx context.Context, file string) ([]Flaw, error)
	// Progress is told what begins; it may be nil.
	Progress func(step string)
}

// Flaw is one known flaw of one package.
type Flaw struct {
	ID   string `json:"id"`
	PURL string `json:"purl"`
}

// DefaultStart is how long a program may take to start.
const DefaultStart = 30 * time.Second

// Refusal is the reason why an image was not hardened though all could be read.
type Refusal struct{ Reason, Hint string }

func (r *Refusal) Error() string { return r.Reason }

// check refuses what can't be done.
func (o *Options) check() error {
	switch {
	case o.Output == "":
		return errors.New("harden: there is no file to write")
	case o.Static && o.Level == prune.App:
		return &Refusal{"the level app takes files away on the evidence of a run, and there is none with --static", "use --level system, or give --probe"}
	case o.Static || o.Profile != nil:
		return nil
	case len(o.Probes)+len(o.Verify) == 0:
		return &Refusal{"nothing shows what the program uses", "give --probe with a check of the program, or --static to remove whole packages only"}
	}
	if err := stage.Supported(); err != nil {
		return &Refusal{err.Error(), "run foil as root, or give --static to remove whole packages only"}
	}
	return nil
}

func (o *Options) begin(step string) {
	if o.Progress != nil {
		o.Progress(step)
	}
}

// evidence are the checks that the program is watched under.
func (o *Options) evidence() []stage.Check {
	if len(o.Probes) > 0 {
		return o.Probes
	}
	return o.Verify
}

// proof are the checks of the result.
func (o *Options) proof() []stage.Check {
	return append(append([]stage.Check{}, o.Probes...), o.Verify...)
}
