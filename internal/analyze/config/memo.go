package config

import (
	"hash/maphash"
	"sync"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

// plan is what is to be evaluated for one kind of object.
type plan struct {
	programs []*control.Program
	// groups gather the programs that read the object through one source.
	groups []group
	// alone are the programs that read more than that, by index in programs.
	alone []int
}

type group struct {
	slot    int
	members []int // indices in plan.programs
}

func newPlan(programs []*control.Program) *plan {
	p := &plan{programs: programs}
	bySlot := map[int]int{}
	for i, program := range programs {
		slot, ok := program.Source()
		if !ok {
			p.alone = append(p.alone, i)
			continue
		}
		g, known := bySlot[slot]
		if !known {
			g = len(p.groups)
			bySlot[slot] = g
			p.groups = append(p.groups, group{slot: slot})
		}
		p.groups[g].members = append(p.groups[g].members, i)
	}
	return p
}

// judged is the verdict of one program with its causes.
type judged struct {
	verdict control.Verdict
	causes  []control.Cause
	message string
}

// memo keeps the verdicts on parts of objects that were judged already: the
// pod specs of one chart in many environments, the jobs of one CronJob, the
// pods of one controller. It is shared by all workers.
type memo struct {
	seed    maphash.Seed
	mu      sync.Mutex
	entries map[memoKey]*memoEntry
}

type memoKey struct {
	kind kindKey
	slot int
	hash uint64
}

type memoEntry struct {
	once  sync.Once
	value graph.Value
	group groupResult
}

// groupResult is what the members of a group say. Most of them pass, and a
// large cluster has ten thousand entries, so only what did not pass is kept
// with its details.
type groupResult struct {
	outcomes []control.Outcome // one for each member
	details  []judged          // of the members that failed or erred, in order
}

func (r *groupResult) add(j judged) {
	r.outcomes = append(r.outcomes, j.verdict.Outcome)
	if j.detailed() {
		r.details = append(r.details, j)
	}
}

// detailed reports whether there is more to keep than the outcome.
func (j *judged) detailed() bool {
	return j.verdict.Outcome == control.Failed || j.verdict.Outcome == control.Errored
}

func newMemo() *memo { return &memo{seed: maphash.MakeSeed(), entries: map[memoKey]*memoEntry{}} }

// entry finds the entry for a value, or makes one that its caller fills.
func (m *memo) entry(kind kindKey, slot int, value graph.Value) *memoEntry {
	key := memoKey{kind, slot, value.Hash(m.seed)}
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[key]
	switch {
	case !ok:
		e = &memoEntry{value: value}
		m.entries[key] = e
	case !graph.Same(e.value, value): // two values with one hash
		return &memoEntry{value: value}
	}
	return e
}

// judgeGroup gives the results of a group for the loaded object, evaluated
// only if no equal part was judged before.
func (w *worker) judgeGroup(kind kindKey, p *plan, g *group) {
	value := w.evaluator.SourceValue(g.slot)
	e := &memoEntry{value: value}
	if value.Exists() {
		e = w.memo.entry(kind, g.slot, value)
	}
	e.once.Do(func() {
		e.group.outcomes = make([]control.Outcome, 0, len(g.members))
		for _, member := range g.members {
			e.group.add(w.judgeOne(p.programs[member]))
		}
	})
	details := e.group.details
	for i, member := range g.members {
		j := judged{verdict: control.Verdict{Outcome: e.group.outcomes[i]}}
		if j.detailed() {
			j, details = details[0], details[1:]
			j.causes = moved(j.causes, e.value, value)
		}
		w.scratch[member] = j
	}
}

func (w *worker) judgeOne(p *control.Program) judged {
	j := judged{verdict: w.evaluator.Judge(p)}
	for _, violated := range j.verdict.Violated {
		j.causes = append(j.causes, w.evaluator.Causes(p, violated)...)
	}
	if j.verdict.Outcome == control.Failed && p.Category == "custom" {
		j.message = w.evaluator.Message(p, j.verdict.Violated[0])
	}
	return j
}

// moved carries causes from the part that was judged over to an equal part of
// another object.
func moved(causes []control.Cause, from, to graph.Value) []control.Cause {
	if from == to {
		return causes
	}
	other := make([]control.Cause, len(causes))
	for i, c := range causes {
		other[i] = c
		if from.Contains(c.Field) {
			other[i].Field = from.Corresponding(c.Field, to)
		}
		if from.Contains(c.Item) {
			other[i].Item = from.Corresponding(c.Item, to)
		}
	}
	return other
}
