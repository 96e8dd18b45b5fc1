package sarif

import (
	"github.com/foilsec/foil/internal/report/jsonstream"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

// The kinds of notification.
const (
	notRead      = "not-read"
	notEvaluated = "not-evaluated"
	leftOut      = "left-out"
)

// notificationKinds describes them. GitHub wants the same texts as for rules.
func (out *run) notificationKinds() []descriptor {
	var all []descriptor
	for _, kind := range []struct {
		id   string
		text phrase.Key
	}{{notRead, phrase.KindNotRead}, {notEvaluated, phrase.KindNotEvaluated}, {leftOut, phrase.KindLeftOut}} {
		m := &message{Text: kind.text.In(out.language)}
		help := &message{Text: m.Text, Markdown: m.Text}
		all = append(all, descriptor{ID: kind.id, ShortDescription: m, FullDescription: m, Help: help})
	}
	return all
}

// invocation says what was not seen. The level is warning, which the standard
// has for runs whose results hold although some may be missing; error would
// say that the run broke off.
func (out *run) invocation(s *jsonstream.Writer) {
	c := &out.report.Coverage
	s.Field("executionSuccessful", true)
	s.ArrayField("toolExecutionNotifications", func() {
		for i := range c.Gaps {
			n := out.notification(notRead, phrase.GapSubject(&c.Gaps[i])+phrase.Colon.In(out.language)+c.Gaps[i].Reason)
			if p := c.Gaps[i].Position; p.File != "" {
				n.Locations = []location{{Physical: &physicalLocation{Artifact: artifact(p.File), Region: regionOf(p)}}}
			}
			s.Item(n)
		}
		for i := range c.NotEvaluated {
			s.Item(out.notification(notEvaluated,
				phrase.WithoutVerdict(out.language, &c.NotEvaluated[i])+phrase.Colon.In(out.language)+c.NotEvaluated[i].Reason))
		}
		if n := len(out.report.Findings) - len(out.findings); n > 0 {
			s.Item(out.notification(leftOut, phrase.LeftOut.Count(out.language, n)))
		}
	})
}

func (out *run) notification(kind, s string) notification {
	return notification{Descriptor: descriptor{ID: kind}, Level: "warning", Message: message{Text: plain(text.Clean(s))}}
}
