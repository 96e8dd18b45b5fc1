package advice

import (
	"strings"

	"github.com/foilsec/foil/internal/feed/eol"
	"github.com/foilsec/foil/internal/lang"
)

// support advises on a base whose support has ended or will soon, and otherwise
// on one that has later fixes.
func (c *counsel) support() error {
	matches, err := c.Data.ByTag(c.repository, c.tag)
	if err != nil || len(matches) == 0 {
		return err
	}
	for i := range matches {
		m := &matches[i]
		until, dated := m.Cycle.EOL.Day()
		if status := m.Cycle.Status(c.today); status.Support == eol.Undated || status.Supported() && (!dated || until > c.today+soon) {
			continue
		}
		tag, ok, err := c.newer(m)
		if err != nil {
			return err
		}
		if ok && c.offer(Supported, tag, c.ending(m)) {
			return nil
		}
	}
	c.current(&matches[0])
	return nil
}

// newer is the tag to move to. What is still supported is taken as if it were
// not: it is for the time after its end.
func (c *counsel) newer(m *eol.Match) (string, bool, error) {
	day := c.today
	if until, dated := m.Cycle.EOL.Day(); dated && until >= day {
		day = until + 1
	}
	return c.Data.NewerTag(c.repository, c.tag, day)
}

func (c *counsel) ending(m *eol.Match) lang.Text {
	name := m.Product.Label + " " + m.Cycle.Name
	status := m.Cycle.Status(c.today)
	day, dated := status.Until.Day()
	switch {
	case status.Support == eol.Extended && dated:
		return say("%s is past standard support; extended support goes on until %s", "%s 的标准支持已结束；延长支持至 %s", name, day)
	case status.Support == eol.Extended:
		return say("%s is past standard support", "%s 的标准支持已结束", name)
	case status.Support == eol.Ended && dated:
		return say("%s gets no more fixes since %s", "%s 自 %s 起不再获得修复", name, day)
	case status.Support == eol.Ended:
		return say("%s gets no more fixes", "%s 不再获得修复", name)
	}
	return say("support of %s ends on %s", "%s 的支持将于 %s 结束", name, day)
}

// current advises on a tag that names a release of a cycle which has a later one.
func (c *counsel) current(m *eol.Match) {
	version, variant, _ := strings.Cut(c.tag, "-")
	prefix := ""
	if rest, found := strings.CutPrefix(version, "v"); found {
		prefix, version = "v", rest
	}
	latest := strings.TrimPrefix(m.Cycle.Latest, "v")
	if m.Moving || m.Older || strings.Count(version, ".") != strings.Count(latest, ".") || !eol.Before(version, latest) {
		return
	}
	tag := prefix + latest
	if variant != "" {
		tag += "-" + variant
	}
	c.offer(Current, tag, say("%s %s is the latest release of %s %s", "%s %s 是 %s %s 的最新版本", m.Product.Label, latest, m.Product.Label, m.Cycle.Name))
}
