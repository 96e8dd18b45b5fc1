package fix

import (
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/graph"
)

// judge compares the findings after the edits with those before. It drops the
// tasks that did not remove their finding and those that brought up one that
// can't be fixed in turn.
func (r *round) judge(o *outcome) (dropped bool) {
	o.open = fingerprints(o.findings)
	for _, t := range r.tasks {
		if t.active() && o.open[t.finding.Fingerprint] {
			t.refuse(errStays)
			t.refuted, dropped = true, true
		}
	}
	before := fingerprints(r.known)
	for i := range o.findings {
		f := &o.findings[i]
		if before[f.Fingerprint] || f.State == finding.Excepted {
			continue
		}
		o.added = append(o.added, *f)
		hopeless := len(f.Fixes) == 0 || r.hopeless[f.Fingerprint] || r.gone[f.Fingerprint]
		if hopeless && r.existed(f.Node) {
			for _, t := range r.tasksOn(f.Node) {
				t.refuse(addsFinding(f))
				t.refuted, dropped = true, true
			}
		}
	}
	return dropped
}

func fingerprints(findings []finding.Finding) map[finding.Fingerprint]bool {
	set := make(map[finding.Fingerprint]bool, len(findings))
	for i := range findings {
		set[findings[i].Fingerprint] = true
	}
	return set
}

// existed reports whether a node was there before the round: of one that is
// created, all findings are new.
func (r *round) existed(id graph.NodeID) bool {
	_, ok := r.snapshot.Node(id)
	return ok
}

var errStays = patch.Refuse(
	"after the change the finding is still there; please report this as an error of the rule",
	"修改后该问题仍然存在；请将其作为规则错误报告")

func addsFinding(f *finding.Finding) error {
	return patch.Refuse(
		"the change would bring up another finding, %s; change it by hand",
		"该修改会引入另一个问题 %s；请手动修改", f.Rule)
}
