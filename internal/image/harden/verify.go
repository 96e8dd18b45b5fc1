package harden

import (
	"context"
	"fmt"

	"github.com/foilsec/foil/internal/image/harden/stage"
)

// verify runs the checks in what is left, and finds out whether it needs the
// rights of root.
func (w *work) verify(ctx context.Context) error {
	w.report.User = User{Before: w.run().User, After: w.run().User}
	checks := w.options.proof()
	switch {
	case len(checks) == 0:
		w.report.User.Reason = "there was no check to try another user with"
		return w.noProof()
	case !mayRun():
		return &Refusal{"the result can't be checked: " + stage.Supported().Error(), "run foil as root, or give no check together with --static"}
	}
	result, err := w.perform(ctx, "after", w.account, checks, false)
	if err != nil {
		return err
	}
	if !result.Passed() {
		return &Refusal{"the result does not pass the check, so it is not written: " + result.Why(), "keep what it misses with --keep, or add a --probe that uses it"}
	}
	if why := w.differs(result); why != "" {
		return &Refusal{"the result answers differently, so it is not written: " + why, "keep what it misses with --keep"}
	}
	for _, c := range result.Checks {
		w.report.Checks = append(w.report.Checks, c.Check)
	}
	return w.chooseUser(ctx, checks)
}

// noProof decides about a result that nothing checks. Where whole packages go
// on static evidence the user asked for just that.
func (w *work) noProof() error {
	if w.options.Static {
		return nil
	}
	return &Refusal{"there is no check of the result", "give the checks of the profile again, with --probe or --verify"}
}

// differs compares the answers with those of the image before.
func (w *work) differs(result *stage.Result) string {
	before := map[string]string{}
	for _, c := range w.answers {
		before[c.Check] = c.Answer
	}
	for _, c := range result.Checks {
		if was, ok := before[c.Check]; ok && was != c.Answer {
			return fmt.Sprintf("%s: %s, and before: %s", c.Check, c.Answer, was)
		}
	}
	return ""
}

// chooseUser makes the image run without the rights of root, if it can.
func (w *work) chooseUser(ctx context.Context, checks []stage.Check) error {
	u := &w.report.User
	switch {
	case w.options.KeepUser:
		u.Reason = "kept as asked"
	case w.account.uid != 0:
		u.After, u.Reason = w.account.numeric(), "the user of the image, as a number"
	default:
		result, err := w.perform(ctx, "after", nobody(), checks, false)
		if err != nil {
			return err
		}
		if why := w.differs(result); why != "" || !result.Passed() {
			u.Reason = "it does not pass the check without the rights of root: " + result.Why() + why
			return nil
		}
		u.After, u.Reason = nobody().numeric(), "it passes the check without the rights of root"
	}
	return nil
}
