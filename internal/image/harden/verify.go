package harden

import (
	"context"
	"fmt"

	"github.com/foilsec/foil/internal/image/harden/stage"
	"github.com/foilsec/foil/internal/lang"
)

// verify runs the checks in what is left, and finds out whether it needs the
// rights of root.
func (w *work) verify(ctx context.Context) error {
	w.report.User = User{Before: w.run().User, After: w.run().User}
	checks := w.options.proof()
	switch {
	case len(checks) == 0:
		w.report.User.Reason = lang.Text{EN: "there was no check to try another user with", ZH: "没有可用于尝试其他用户的检查"}
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
		u.Reason = lang.Text{EN: "kept as asked", ZH: "按要求保留"}
	case w.account.uid != 0:
		u.After, u.Reason = w.account.numeric(), lang.Text{EN: "the user of the image, as a number", ZH: "镜像原有用户的数字形式"}
	default:
		return w.tryNobody(ctx, checks)
	}
	return nil
}

// tryNobody runs the checks without the rights of root.
func (w *work) tryNobody(ctx context.Context, checks []stage.Check) error {
	u := &w.report.User
	result, err := w.perform(ctx, "after", nobody(), checks, false)
	if err != nil {
		return err
	}
	if why := w.differs(result); why != "" || !result.Passed() {
		u.Reason = lang.Text{EN: "it does not pass the check without the rights of root", ZH: "没有 root 权限时无法通过检查"}
		u.Detail = result.Why() + why
		return nil
	}
	u.After, u.Reason = nobody().numeric(), lang.Text{EN: "it passes the check without the rights of root", ZH: "没有 root 权限也能通过检查"}
	return nil
}
