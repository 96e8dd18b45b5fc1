package exception

import (
	"time"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// The rules about exceptions themselves.
const (
	ruleExpired = "exception-expired"
	ruleInvalid = "exception-invalid"
	ruleUnused  = "exception-unused"
)

// Rules lists the rules about exceptions themselves.
func Rules() []finding.Rule {
	rule := func(id string, s finding.Severity, title, risk, advice lang.Text) finding.Rule {
		return finding.Rule{ID: id, Severity: s, Title: title, Risk: risk, Advice: advice, Change: "review-exceptions", Category: "exceptions"}
	}
	return []finding.Rule{
		rule(ruleExpired, finding.Medium,
			lang.Text{EN: "Exception has expired", ZH: "例外已过期"},
			lang.Text{EN: "The accepted risk was meant to end; its findings count again.", ZH: "被接受的风险本应结束，相关问题重新计入。"},
			lang.Text{EN: "Remove the fault, or decide anew and give a new date.", ZH: "消除问题，或重新决定并给出新的日期。"}),
		rule(ruleInvalid, finding.Medium,
			lang.Text{EN: "Exception is incomplete and has no effect", ZH: "例外不完整，不起作用"},
			lang.Text{EN: "Nobody can tell who accepted the risk, why, or until when.", ZH: "无法得知谁、为何、到何时接受了该风险。"},
			lang.Text{EN: "Give controls, owner, reason and expires.", ZH: "请填写 controls、owner、reason 和 expires。"}),
		rule(ruleUnused, finding.Low,
			lang.Text{EN: "Exception matches nothing", ZH: "例外没有匹配到任何问题"},
			lang.Text{EN: "A leftover exception may one day hide a new fault.", ZH: "遗留的例外将来可能掩盖新的问题。"},
			lang.Text{EN: "Delete it, or correct the control and the object that it names.", ZH: "删除它，或更正其中的控制项与对象。"}),
	}
}

// Findings lists the faults of the exceptions themselves. It is asked after
// all findings were given to Apply. Narrowed says that the scan was asked for
// some rules only: that an exception matches nothing then means nothing.
func (s *Set) Findings(narrowed bool) []finding.Finding {
	var list []finding.Finding
	for i := range s.exceptions {
		e := &s.exceptions[i]
		switch {
		case e.Defect != lang.Text{}:
			list = append(list, s.finding(e, ruleInvalid, finding.Medium, e.Defect))
		case s.expired(e):
			last := e.Expires.Add(-time.Nanosecond).UTC().Format(time.DateOnly)
			list = append(list, s.finding(e, ruleExpired, finding.Medium,
				lang.Text{EN: "It ended on " + last + ".", ZH: "已于 " + last + " 到期。"}))
		case s.matches[i] == 0 && !narrowed:
			list = append(list, s.finding(e, ruleUnused, finding.Low, lang.Text{}))
		}
	}
	return list
}

func (s *Set) finding(e *Exception, rule string, severity finding.Severity, message lang.Text) finding.Finding {
	node := graph.KeyedID("exception", e.ID)
	return finding.Finding{
		Rule: rule, Node: node, Severity: severity, Message: message, State: finding.Open,
		Evidence:    []finding.Evidence{{Position: e.Position, Value: e.Reason}},
		Fingerprint: finding.NewFingerprint(rule, node, ""),
	}
}
