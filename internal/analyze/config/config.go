// Package config judges each object of a snapshot by the controls that one
// object decides: the ValidatingAdmissionPolicies of content/controls and of
// the user's own folders.
//
// It reads the snapshot and compiled policies, and emits one finding for each
// control that an object breaks, with the fields that break it. Objects that a
// controller in the snapshot made are skipped: the fault is reported once, on
// the template that a person edits.
package config

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

// Analyzer evaluates a set of policies.
type Analyzer struct {
	set     *control.Set
	workers int
}

var _ analyze.Analyzer = (*Analyzer)(nil)

// New makes an analyzer that uses the given number of workers; 0 means one for
// each processor.
func New(set *control.Set, workers int) *Analyzer {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &Analyzer{set: set, workers: workers}
}

// Rules implements analyze.Analyzer.
func (a *Analyzer) Rules() []finding.Rule {
	rules := make([]finding.Rule, 0, len(a.set.Programs()))
	for _, p := range a.set.Programs() {
		rules = append(rules, p.Rule())
	}
	return rules
}

// batch is how many objects a worker takes at a time.
const batch = 64

// Analyze implements analyze.Analyzer.
func (a *Analyzer) Analyze(ctx context.Context, facts *analyze.Facts, sink analyze.Sink) error {
	for _, p := range a.set.Programs() {
		if err := p.Err(); err != nil {
			sink.NotEvaluated(p.ID, "", err.Error())
		}
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	memo := newMemo()
	for range a.workers {
		wg.Go(func() {
			w := newWorker(a, facts, sink, memo)
			for ctx.Err() == nil {
				from := int(next.Add(batch)) - batch
				if from >= facts.Snapshot.Len() {
					break
				}
				w.judgeRange(from, min(from+batch, facts.Snapshot.Len()))
			}
			w.flush()
		})
	}
	wg.Wait()
	return ctx.Err()
}

// worker judges objects on one goroutine.
type worker struct {
	analyzer  *Analyzer
	facts     *analyze.Facts
	sink      analyze.Sink
	memo      *memo
	evaluator *control.Evaluator
	plans     map[kindKey]*plan
	evaluated []int // by index of program
}

// kindKey is what decides which policies may apply at all.
type kindKey struct {
	group, version, kind string
	namespaced           bool
}

func newWorker(a *Analyzer, facts *analyze.Facts, sink analyze.Sink, memo *memo) *worker {
	return &worker{
		analyzer: a, facts: facts, sink: sink, memo: memo,
		evaluator: a.set.NewEvaluator(), plans: map[kindKey]*plan{},
		evaluated: make([]int, len(a.set.Programs())),
	}
}

func (w *worker) judgeRange(from, to int) {
	for i := from; i < to; i++ {
		n := w.facts.Snapshot.At(i)
		if !n.Object.Exists() {
			continue
		}
		if workload.Controlled(w.facts.Snapshot, n) {
			continue
		}
		w.judge(n)
	}
}

func (w *worker) judge(n *graph.Node) {
	o := control.NewObject(n, w.namespace(n))
	w.evaluator.Load(o)
	key := kindKey{o.Group, o.Version, o.Kind, o.Namespace != ""}
	p := w.plan(key)
	for i := range p.groups {
		g := &p.groups[i]
		results, from, to := w.judgeGroup(key, p, g)
		for j, member := range g.members {
			w.tell(n, p.programs[member], &results[j], from, to)
		}
	}
	for _, i := range p.alone {
		j := w.judgeOne(p.programs[i])
		w.tell(n, p.programs[i], &j, graph.Value{}, graph.Value{})
	}
}

// tell hands one result to the sink.
func (w *worker) tell(n *graph.Node, p *control.Program, j *judged, from, to graph.Value) {
	switch j.verdict.Outcome {
	case control.Excluded:
		return
	case control.Errored:
		w.sink.NotEvaluated(p.ID, n.ID, j.verdict.Err.Error())
		return
	case control.Failed:
		w.sink.Finding(newFinding(n, p, j.message, moved(j.causes, from, to)))
	}
	w.evaluated[p.Index()]++
}

// plan lists the policies whose resource rules let the kind of the loaded
// object in; it is made once for each kind.
func (w *worker) plan(key kindKey) *plan {
	if known, ok := w.plans[key]; ok {
		return known
	}
	var programs []*control.Program
	for _, p := range w.analyzer.set.Programs() {
		if p.Err() == nil && w.evaluator.Applies(p) {
			programs = append(programs, p)
		}
	}
	w.plans[key] = newPlan(programs)
	return w.plans[key]
}

func (w *worker) namespace(n *graph.Node) graph.Value {
	if n.Namespace == "" {
		return graph.Value{}
	}
	ns, ok := w.facts.Snapshot.Node(graph.ObjectID("", "Namespace", "", n.Namespace))
	if !ok {
		return graph.Value{}
	}
	return ns.Object
}

func (w *worker) flush() {
	for i, n := range w.evaluated {
		if n > 0 {
			w.sink.Evaluated(w.analyzer.set.Programs()[i].ID, n)
		}
	}
}
