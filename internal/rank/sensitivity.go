package rank

import (
	"fmt"

	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// SensitivityLabel on an object or its Namespace says how much is lost with
// it: "high" raises and "low" lowers the score of what is found there.
const SensitivityLabel = "foil.dev/sensitivity"

// sensitivity weighs what the workload holds.
type sensitivity struct{}

func (sensitivity) weigh(f *Facts, workloads []workload.View) Reason {
	best := Reason{Factor: "sensitivity", Value: 1}
	for _, v := range workloads {
		if r := sensitivityOf(f, v); r.Value > best.Value || len(workloads) == 1 {
			best = r
		}
	}
	return best
}

func sensitivityOf(f *Facts, v workload.View) Reason {
	who := kindAndName(v.Node)
	reason := Reason{Factor: "sensitivity", Value: 1}
	switch label(f, v) {
	case "high":
		reason.Value = 1.5
		reason.Sentence = lang.Text{EN: who + " is labelled as sensitive.", ZH: who + " 被标记为敏感。"}
		return reason
	case "low":
		reason.Value = 0.7
		reason.Sentence = lang.Text{EN: who + " is labelled as not sensitive.", ZH: who + " 被标记为不敏感。"}
		return reason
	}
	for e := range f.Snapshot.From(v.Node.ID) {
		if _, kind, _, name, ok := e.To.Object(); ok && kind == "Secret" && e.Kind != workload.PullsWith {
			reason.Value = 1.25
			reason.Sentence = lang.Text{EN: fmt.Sprintf("%s holds Secret %s.", who, name), ZH: fmt.Sprintf("%s 持有 Secret %s。", who, name)}
			return reason
		}
	}
	return reason
}

func label(f *Facts, v workload.View) string {
	if own := v.Node.Object.At("metadata", "labels", SensitivityLabel).Str(); own != "" {
		return own
	}
	if n, ok := f.Snapshot.Node(graph.ObjectID("", "Namespace", "", v.Node.Namespace)); ok {
		return n.Object.At("metadata", "labels", SensitivityLabel).Str()
	}
	return ""
}
