package eol

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/analyze"
	feed "github.com/foilsec/foil/internal/feed/eol"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
)

// report judges sightings and emits what is wrong with them.
func (r *run) report(s *sightings, sink analyze.Sink) {
	for _, one := range s.list {
		status := one.cycle.Status(r.today)
		if status.Support == feed.Undated || one.older && status.Support != feed.Ended {
			continue
		}
		r.judged++
		if rule, severity := r.verdict(one, status); rule != "" {
			sink.Finding(r.finding(one, rule, severity, status))
		}
	}
}

// verdict is the rule that a cycle breaks, empty when it breaks none.
func (r *run) verdict(s *sighting, status feed.Status) (rule string, severity finding.Severity) {
	switch {
	case status.Support == feed.Ended:
		return Ended, r.weigh(s, finding.High)
	case status.Support == feed.Extended:
		return Extended, r.weigh(s, finding.Medium)
	case status.Until.Passed(r.ahead):
		return Soon, r.soon(s, status)
	}
	return "", 0
}

// weigh lowers a severity for what is less exposed than a system, a runtime or a
// server, and for what a distribution looks after that is supported itself.
func (r *run) weigh(s *sighting, full finding.Severity) finding.Severity {
	if s.keeper != nil {
		switch kept := s.keeper.cycle.Status(r.today); {
		case kept.Supported():
			return finding.Info
		case kept.Support == feed.Extended:
			return finding.Low
		}
	}
	if s.keeper == nil && s.packaged {
		return full - 1 // its distribution may still be supported
	}
	switch s.product.Category {
	case "os", "lang", "database", "server-app", "service":
		return full
	}
	if s.product.Name == "nodejs" || s.product.Name == "dotnet" || s.product.Name == "openssl" {
		return full // listed among frameworks
	}
	return full - 1
}

// nearby is how many days before an end it is more than worth knowing.
const nearby = 30

func (r *run) soon(s *sighting, status feed.Status) finding.Severity {
	if status.Until.Passed(r.today+nearby) && s.keeper == nil {
		return finding.Low
	}
	return finding.Info
}

func (r *run) finding(s *sighting, rule string, severity finding.Severity, status feed.Status) finding.Finding {
	evidence := append(s.evidence[:len(s.evidence):len(s.evidence)], finding.Evidence{Note: r.dates(s)})
	if s.keeper != nil {
		evidence = append(evidence, finding.Evidence{Note: r.kept(s.keeper)})
	}
	fixes := s.fixes
	if rule == Soon {
		fixes = nil // there is time to choose
	}
	return finding.Finding{
		Fixes: fixes,
		Rule:  rule, Node: s.node, Severity: severity, State: finding.Open,
		Fingerprint: finding.NewFingerprint(rule, s.node, s.key()),
		Message:     message(s, rule, status), Evidence: evidence, Remedy: r.remedy(s),
	}
}

func message(s *sighting, rule string, status feed.Status) lang.Text {
	name := called(s.product, s.cycle)
	switch {
	case s.older:
		return join(s.name(), say(" gets no more fixes: even the support of %s ended", " 不再获得修复：连 %s 的支持也已结束", name), since(status.Until), stop)
	case rule == Ended:
		return join(say("%s gets no more fixes: its support ended", "%s 不再获得修复：支持已结束", name), since(status.Until), stop)
	case rule == Extended:
		return join(say("Standard support of %s ended", "%s 的标准支持已结束", name), since(s.cycle.EOL),
			say("; only %s is left", "；仅剩 %s", programme(s.product)), until(status.Until), stop)
	}
	return join(say("The support of %s ends", "%s 的支持将结束", name), since(status.Until), stop)
}

var stop = lang.Text{EN: ".", ZH: "。"}

// since is the day of a mark as it stands behind a verb; nothing without one.
func since(m feed.Mark) lang.Text {
	day, ok := m.Day()
	if !ok {
		return lang.Text{}
	}
	return say(" on %s", "（%s）", day)
}

func until(m feed.Mark) lang.Text {
	day, ok := m.Day()
	if !ok {
		return lang.Text{}
	}
	return say(", until %s", "，至 %s", day)
}

// called is a cycle as people call it: "Debian 11".
func called(p *feed.Product, c *feed.Cycle) string { return p.Label + " " + c.Name }

func programme(p *feed.Product) string { return cmp.Or(p.Extended, "extended support") }

// dates are all that is known of a cycle, for a person to check.
func (r *run) dates(s *sighting) lang.Text {
	c := s.cycle
	text := join(say("%s: standard support", "%s：标准支持", called(s.product, c)), term(c.EOL))
	if c.EOES.Known() {
		text = join(text, say("; %s", "；%s ", programme(s.product)), term(c.EOES))
	}
	if c.Latest != "" {
		text = join(text, say("; last release %s", "；最新版本 %s", c.Latest))
	}
	if next, ok := s.product.Next(c, r.today); ok {
		text = join(text, say("; supported: %s", "；受支持的版本：%s", next.Name), until(next.EOL))
	}
	if s.product.Page != "" {
		text = join(text, say(" (%s)", "（%s）", s.product.Page))
	}
	return text
}

// term is how long something goes on.
func term(m feed.Mark) lang.Text {
	switch day, ok := m.Day(); {
	case ok:
		return say(" until %s", "至 %s", day)
	case m == feed.Flag(true):
		return say(" is over", "已结束")
	}
	return say(" without an end that is known", "无已知的结束日期")
}

func (r *run) kept(system *sighting) lang.Text {
	name := called(system.product, system.cycle)
	if system.cycle.Status(r.today).Support == feed.Ended {
		return say("It is a package of %s, which is not supported either.", "它是 %s 的软件包，而该系统也已停止支持。", name)
	}
	return say("It is a package of %s, whose distribution mends flaws itself.", "它是 %s 的软件包，该发行版会自行修复漏洞。", name)
}

func (r *run) remedy(s *sighting) *finding.Remedy {
	to := lang.Text{EN: "a supported release", ZH: "受支持的版本"}
	if next, ok := s.product.Next(s.cycle, r.today); ok {
		to = lang.Text{EN: called(s.product, next), ZH: called(s.product, next)}
	}
	from := s.name()
	return &finding.Remedy{Kind: s.remedy.kind, Place: s.remedy.place, Title: lang.Text{
		EN: strings.NewReplacer("{from}", from.EN, "{to}", to.EN).Replace(s.remedy.title.EN),
		ZH: strings.NewReplacer("{from}", from.ZH, "{to}", to.ZH).Replace(s.remedy.title.ZH),
	}}
}

func say(en, zh string, args ...any) lang.Text {
	return lang.Text{EN: fmt.Sprintf(en, args...), ZH: fmt.Sprintf(zh, args...)}
}

func join(parts ...lang.Text) (whole lang.Text) {
	for _, p := range parts {
		whole.EN, whole.ZH = whole.EN+p.EN, whole.ZH+p.ZH
	}
	return whole
}
