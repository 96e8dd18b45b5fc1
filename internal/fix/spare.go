package fix

import (
	"context"
	"slices"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/graph"
)

// errSpared marks tasks whose finding another change removes as well.
var errSpared = patch.Refuse("another change removes it", "另一项修改会消除该问题")

// spare leaves out what is not needed: where rules add to one list, one of them
// may be content with what another one adds. The less important ones are tried
// first.
func (r *round) spare(ctx context.Context) error {
	for _, rule := range r.sharingRules() {
		lists := r.lists()
		tasks := r.activeTasks(func(t *task) bool { return t.finding.Rule == rule && lists.shares(t) })
		if r.result == nil || len(tasks) == 0 {
			continue
		}
		before, undo := r.result, r.remember()
		ok, err := r.tryWithout(ctx, tasks)
		if err != nil {
			return err
		}
		if !ok {
			r.restore(undo)
			r.write()
			r.result = before
		}
	}
	return nil
}

// tryWithout leaves tasks out and takes back those whose findings stay.
func (r *round) tryWithout(ctx context.Context, tasks []*task) (bool, error) {
	for range 2 {
		for _, t := range tasks {
			t.refuse(errSpared)
		}
		result, dropped, err := r.prove(ctx, r.write())
		if err != nil || dropped {
			return false, err
		}
		gone := slices.DeleteFunc(slices.Clone(tasks), func(t *task) bool { return result.open[t.finding.Fingerprint] })
		if len(gone) == len(tasks) {
			r.result = result
			return true, nil
		}
		for _, t := range tasks {
			t.refusal = nil
		}
		tasks = gone
	}
	return false, nil
}

// sharingRules are the rules that add to lists which others add to, the least
// important first.
func (r *round) sharingRules() []string {
	lists := r.lists()
	var rules []string
	for _, t := range slices.Backward(r.tasks) {
		if t.active() && lists.shares(t) && !slices.Contains(rules, t.finding.Rule) {
			rules = append(rules, t.finding.Rule)
		}
	}
	return rules
}

// lists are the lists that active tasks add to, and by which rules.
type lists map[listKey][]string

type listKey struct {
	node graph.NodeID
	path string
}

func (r *round) lists() lists {
	l := lists{}
	for _, t := range r.tasks {
		for _, e := range t.edits {
			key := listKey{e.node.ID, e.Path.String()}
			if t.active() && e.Operation == finding.Append && !slices.Contains(l[key], t.finding.Rule) {
				l[key] = append(l[key], t.finding.Rule)
			}
		}
	}
	return l
}

// shares reports whether all that a task does is to add to lists that other
// rules add to.
func (l lists) shares(t *task) bool {
	for _, e := range t.edits {
		if e.Operation != finding.Append || len(l[listKey{e.node.ID, e.Path.String()}]) < 2 {
			return false
		}
	}
	return len(t.edits) > 0 && len(t.creates) == 0
}
