package harden

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/foilsec/foil/internal/image/harden/closure"
	"github.com/foilsec/foil/internal/image/harden/stage"
)

// checkTime is how long one check may take.
const checkTime = 5 * time.Minute

// observe runs the program of the image under checks and remembers what it
// opens.
func (w *work) observe(ctx context.Context) error {
	o := &w.options
	switch {
	case o.Profile != nil:
		return w.takeProfile(o.Profile)
	case o.Static:
		w.report.Evidence = "static"
		return nil
	}
	result, err := w.perform(ctx, "before", w.account, o.evidence(), true)
	if err != nil {
		return err
	}
	if !result.Passed() {
		return &Refusal{"the image does not pass the check before anything is removed: " + result.Why(), "correct the check, or give the program more time with --start-timeout"}
	}
	if result.Lost || len(result.Opened) == 0 {
		return &Refusal{"not all that the program opened could be seen", "run it again on a machine with less load"}
	}
	if why := w.unseen(result); why != "" {
		return &Refusal{why, "correct the command of the image, or its checks"}
	}
	w.report.Evidence = "run"
	w.profile = profileOf(w.image.ConfigID, result)
	w.answers = w.profile.Checks
	return nil
}

// unseen says why a run shows too little: the program of the image must have
// been executed, whatever else passed.
func (w *work) unseen(result *stage.Result) string {
	line := commandLine(w.run())
	if len(line) == 0 {
		return ""
	}
	at := closure.New(w.tree, settings(w.run())).Command(line[0])
	real, _, err := w.tree.Resolve(at)
	if at == "" || err != nil {
		return fmt.Sprintf("the program of the image, %s, is not in it", line[0])
	}
	if !slices.Contains(result.Executed, real) {
		return fmt.Sprintf("the program of the image, %s, was not seen to start", line[0])
	}
	return ""
}

// takeProfile uses what was seen earlier.
func (w *work) takeProfile(p *Profile) error {
	if p.Image != w.image.ConfigID {
		return &Refusal{fmt.Sprintf("the profile is one of the image %s, and this is %s", p.Image, w.image.ConfigID), "make a profile of this image with --probe"}
	}
	w.report.Evidence, w.profile, w.answers = "profile", p, p.Checks
	return nil
}

// perform lays the tree out as it is now, and runs the program in it.
func (w *work) perform(ctx context.Context, name string, a account, checks []stage.Check, trace bool) (*stage.Result, error) {
	root, err := w.layOut(name)
	if err != nil {
		return nil, err
	}
	scratch, err := w.sub(fmt.Sprintf("%s-as-%d", name, a.uid))
	if err != nil {
		return nil, err
	}
	r := stage.Request{
		Root: root, Scratch: scratch, StopSignal: w.run().StopSignal,
		Start: w.options.Start, Check: checkTime, Trace: trace,
	}
	if line := commandLine(w.run()); len(line) > 0 {
		r.Command = program(w.tree, w.run(), line, a)
	}
	for _, c := range checks {
		if c.Kind == stage.Inside {
			p := program(w.tree, w.run(), words(c.Text), a)
			c.Program = &p
		}
		r.Checks = append(r.Checks, c)
	}
	return stage.Run(ctx, r)
}

// layOut makes a root folder, once for each name.
func (w *work) layOut(name string) (string, error) {
	if at, ok := w.roots[name]; ok {
		return at, nil
	}
	at, err := w.sub(name)
	if err != nil {
		return "", err
	}
	w.roots[name] = at
	return at, w.tree.LayOut(at)
}

// mayRun reports whether programs can be run here.
func mayRun() bool { return stage.Supported() == nil }
