// Package relation is the analyzer of how objects hang together: references to
// what is not there, data that a workload can get at, and faults that only show
// when two objects are read side by side.
//
// Each control is one file. The facts come from derive/workload and
// derive/reach.
package relation

import (
	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
)

// New is the analyzer with all its controls.
func New() analyze.Analyzer {
	return check.New(newFacts,
		serviceWithoutWorkload(),
		danglingIngress(),
		danglingRoute(),
		danglingAutoscaler(),
		mountsSecret(),
		mountsClaim(),
		mountsConfigMap(),
		plainVolume(),
		noPolicyControl(),
		sharedEtcdCA(),
		symlinkExchange(),
		ingressSnippets(),
		openService(),
		nodesWithoutIsolation(),
	)
}

// facts are what the controls share.
type facts struct {
	snapshot  *graph.Snapshot
	workloads *workload.Index
}

func newFacts(f *analyze.Facts) *facts {
	return &facts{snapshot: f.Snapshot, workloads: workload.NewIndex(f.Snapshot)}
}

func (f *facts) exists(id graph.NodeID) bool {
	_, ok := f.snapshot.Node(id)
	return ok
}
