package rank

import (
	"cmp"
	"slices"

	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
)

// Facts is what factors look at.
type Facts struct {
	Snapshot  *graph.Snapshot
	Workloads *workload.Index
	Grants    *rbac.Index
	Exposure  *reach.Map
}

// Reason is one factor of a score.
type Reason = finding.Reason

// Ranked is a finding with its place in the order and the reasons for it.
type Ranked struct {
	*finding.Finding
	Score     float64
	Reasons   []Reason
	Workloads []graph.NodeID // the workloads that the finding puts at risk
}

// factor weighs the workloads that a finding puts at risk. It returns a value
// of 1 when it has nothing to say.
type factor interface {
	weigh(f *Facts, workloads []workload.View) Reason
}

// factors are all factors in the order in which reasons are shown.
func factors() []factor {
	return []factor{exposure{}, privilege{}, access{}, sensitivity{}}
}

// Rank scores findings and orders them, the most urgent first. Equal scores
// are ordered by rule and node, so that the order never depends on chance. The result points into findings.
func Rank(findings []*finding.Finding, facts *Facts) []Ranked {
	r := &ranker{facts: facts, affected: newAffected(facts), nodes: map[graph.NodeID]*nodeScore{}}
	ranked := make([]Ranked, len(findings))
	for i := range findings {
		ranked[i] = r.rank(findings[i])
	}
	slices.SortFunc(ranked, func(a, b Ranked) int {
		return cmp.Or(
			cmp.Compare(b.Score, a.Score), cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Node, b.Node), cmp.Compare(a.Fingerprint, b.Fingerprint),
		)
	})
	return ranked
}

type ranker struct {
	facts    *Facts
	affected *affected
	nodes    map[graph.NodeID]*nodeScore
}

// nodeScore is what all findings on one node share.
type nodeScore struct {
	product   float64
	workloads []graph.NodeID
	reasons   [finding.Critical + 1][]Reason // by severity, made on demand
	factors   []Reason
}

func (r *ranker) rank(f *finding.Finding) Ranked {
	n := r.node(f.Node)
	if n.reasons[f.Severity] == nil {
		n.reasons[f.Severity] = append([]Reason{severityReason(f.Severity)}, n.factors...)
	}
	reasons, product := n.reasons[f.Severity], n.product
	if f.Vulnerability != nil {
		reasons, product = r.exploitable(f.Vulnerability, reasons, product)
	}
	return Ranked{Finding: f, Score: round(reasons[0].Value * product), Reasons: reasons, Workloads: n.workloads}
}

// exploitable puts what is known of one flaw between the severity and what all
// findings of the node share.
func (r *ranker) exploitable(v *finding.Vulnerability, shared []Reason, product float64) ([]Reason, float64) {
	reasons := []Reason{shared[0]}
	for _, reason := range []Reason{exploitedReason(v), probabilityReason(v), linkedReason(v)} {
		if reason.Value != 1 {
			product *= reason.Value
			reasons = append(reasons, reason)
		}
	}
	return append(reasons, shared[1:]...), product
}

func (r *ranker) node(id graph.NodeID) *nodeScore {
	if known, ok := r.nodes[id]; ok {
		return known
	}
	views := r.affected.by(id)
	n := &nodeScore{product: 1}
	for _, v := range views {
		n.workloads = append(n.workloads, v.Node.ID)
	}
	for _, f := range factors() {
		if reason := f.weigh(r.facts, views); reason.Value != 1 && reason.Value != 0 {
			n.product *= reason.Value
			n.factors = append(n.factors, reason)
		}
	}
	r.nodes[id] = n
	return n
}

// round keeps one decimal: more would claim a precision that no score has.
func round(score float64) float64 { return float64(int64(score*10+0.5)) / 10 }
