// Package config judges each object of a snapshot by the controls that one
// object decides: the ValidatingAdmissionPolicies of content/controls and of
// the user's own folders.
//
// It reads the snapshot and compiled policies, and emits one finding for each
// control that an object breaks, with the fields that break it. Objects that a
// controller in the snapshot made are skipped: the fault is reported once, on
// the template that a person edits. The package knows no control by name.
package config

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

// Analyzer evaluates a set of policies.
type Analyzer struct {
	set     *control.Set
	workers int
	cache   Cache
}

var _ analyze.Analyzer = (*Analyzer)(nil)

// New makes an analyzer that uses the given number of workers; 0 means one for
// each processor. The cache may be nil.
func New(set *control.Set, workers int, cache Cache) *Analyzer {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &Analyzer{set: set, workers: workers, cache: cache}
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
	a.tellUnable(facts.Snapshot, sink)
	var next atomic.Int64
	var wg sync.WaitGroup
	memo := newMemo()
	known := loadVerdicts(a.cache, a.set.Version())
	for range a.workers {
		wg.Go(func() {
			w := newWorker(a, facts, sink, memo, known)
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
	known.save()
	return ctx.Err()
}

// tellUnable names the policies that give no verdict, or none on objects that
// could not be read: to find no fault among those means nothing.
func (a *Analyzer) tellUnable(s *graph.Snapshot, sink analyze.Sink) {
	hidden := map[graph.Kind]bool{}
	for _, gap := range s.Gaps() {
		for _, kind := range gap.Kinds {
			hidden[kind] = true
		}
	}
	kinds := slices.Sorted(maps.Keys(hidden))
	for _, p := range a.set.Programs() {
		if err := p.Err(); err != nil {
			sink.NotEvaluated(p.ID, "", err.Error())
		} else if i := slices.IndexFunc(kinds, p.MayJudge); i >= 0 {
			sink.NotEvaluated(p.ID, "", check.Unread(kinds[i]))
		}
	}
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
	verdicts  *verdicts
	scratch   []judged
	buffer    []byte
	strings   interner
}

// kindKey is what decides which policies may apply at all.
type kindKey struct {
	group, version, kind string
	namespaced           bool
}

func newWorker(a *Analyzer, facts *analyze.Facts, sink analyze.Sink, memo *memo, known *verdicts) *worker {
	return &worker{
		analyzer: a, facts: facts, sink: sink, memo: memo, verdicts: known, strings: interner{},
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
	kind := kindKey{o.Group, o.Version, o.Kind, o.Namespace != ""}
	p := w.plan(kind)
	if len(p.programs) == 0 {
		return
	}
	var key objectKey
	if w.verdicts != nil {
		if key = w.objectKey(n); w.recall(n, p, key) {
			return
		}
	}
	results := w.results(kind, p)
	for i := range results {
		w.tell(n, p.programs[i], &results[i])
	}
	if w.verdicts != nil {
		w.remember(n, key, results)
	}
}

// results evaluates every program of a plan on the loaded object.
func (w *worker) results(kind kindKey, p *plan) []judged {
	w.scratch = slices.Grow(w.scratch[:0], len(p.programs))[:len(p.programs)]
	for i := range p.groups {
		w.judgeGroup(kind, p, &p.groups[i])
	}
	for _, i := range p.alone {
		w.scratch[i] = w.judgeOne(p.programs[i])
	}
	return w.scratch
}

// tell hands one result to the sink.
func (w *worker) tell(n *graph.Node, p *control.Program, j *judged) {
	switch j.verdict.Outcome {
	case control.Excluded:
		return
	case control.Errored:
		w.sink.NotEvaluated(p.ID, n.ID, j.verdict.Err.Error())
		return
	case control.Failed:
		w.sink.Finding(w.newFinding(n, p, j.message, j.causes))
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
