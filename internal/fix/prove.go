package fix

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/graph"
)

// outcome is the world after the edits of a round.
type outcome struct {
	changed  map[string][]byte
	snapshot *graph.Snapshot
	findings []finding.Finding
	open     map[finding.Fingerprint]bool // of the findings
	added    []finding.Finding
}

// prove compares every object with what is asked of it, and has the result
// judged. It reports whether it dropped a task, so that the edits have to be
// made again.
func (r *round) prove(ctx context.Context, changed map[string][]byte) (*outcome, bool, error) {
	objects, more, dropped, err := r.check(ctx, changed)
	if err != nil || dropped {
		return nil, dropped, err
	}
	o := &outcome{changed: changed, snapshot: replaced(r.snapshot, objects, more)}
	if o.findings, err = r.request.Scan.Judge(ctx, o.snapshot); err != nil {
		return nil, false, err
	}
	return o, r.judge(o), nil
}

// check reads again what depends on the changed files and compares it with what
// is asked for. It gives the new objects, those that are new altogether, and
// whether it dropped a task.
func (r *round) check(ctx context.Context, changed map[string][]byte) (map[graph.NodeID]graph.Value, []graph.Node, bool, error) {
	everything := map[string][]byte{}
	for name, f := range r.files {
		everything[name] = f.change.After
	}
	maps.Copy(everything, changed)
	objects := map[graph.NodeID]graph.Value{}
	var more []graph.Node
	dropped := false
	for _, origin := range r.affectedOrigins(changed) {
		created, err := r.readAgain(ctx, origin, everything, objects)
		switch {
		case ctx.Err() != nil:
			return nil, nil, false, ctx.Err()
		case err != nil && !r.dropAll(r.tasksOf(origin), unreadable(origin, err)):
			return nil, nil, false, fmt.Errorf("read %s again: %w", origin, err)
		case err != nil:
			dropped = true
		default:
			more = append(more, created...)
			dropped = r.compare(origin, objects) || dropped
		}
	}
	return objects, more, dropped, nil
}

// readAgain reads an origin and notes what its objects are now.
func (r *round) readAgain(ctx context.Context, origin string, files map[string][]byte, objects map[graph.NodeID]graph.Value) ([]graph.Node, error) {
	values, err := r.request.Scan.Read(ctx, origin, files)
	if err != nil {
		return nil, err
	}
	return r.pair(origin, values, objects)
}

// affectedOrigins are the origins to read again, new files among them.
func (r *round) affectedOrigins(changed map[string][]byte) []string {
	list := r.origins.affected(changed)
	for _, c := range r.creations {
		if _, made := changed[c.text.name]; made && !slices.Contains(list, c.origin) {
			list = append(list, c.origin)
		}
	}
	slices.Sort(list)
	return list
}

func unreadable(origin string, err error) error {
	return patch.Refuse("after the change, %s would not be read as before: %v", "修改后 %s 的读取结果将与之前不一致：%v", origin, err)
}

// pair finds for each object of an origin what it is now, and what is new.
func (r *round) pair(origin string, values []graph.Value, objects map[graph.NodeID]graph.Value) ([]graph.Node, error) {
	slices.SortStableFunc(values, func(a, b graph.Value) int { return comparePositions(a.Position(), b.Position()) })
	byIdentity := map[identity][]graph.Value{}
	for _, v := range values {
		id := identityOf(v)
		byIdentity[id] = append(byIdentity[id], v)
	}
	nodes := slices.Clone(r.origins.nodes[origin])
	slices.SortStableFunc(nodes, func(a, b *graph.Node) int { return comparePositions(a.Object.Position(), b.Object.Position()) })
	for _, n := range nodes {
		id := identityOf(n.Object)
		if len(byIdentity[id]) == 0 {
			return nil, errors.New("an object is missing")
		}
		objects[n.ID], byIdentity[id] = byIdentity[id][0], byIdentity[id][1:]
	}
	var more []graph.Node
	for _, v := range values {
		if left := byIdentity[identityOf(v)]; len(left) > 0 && left[0] == v {
			n, expected := r.createdNode(origin, v)
			if !expected {
				return nil, errors.New("an object came up that nobody asked for")
			}
			more = append(more, n)
		}
	}
	return more, nil
}

// identity is how objects of one origin are told apart.
type identity struct{ apiVersion, kind, namespace, name, prefix string }

func identityOf(v graph.Value) identity {
	m := v.Get("metadata")
	return identity{
		v.Get("apiVersion").Str(), v.Get("kind").Str(),
		m.Get("namespace").Str(), m.Get("name").Text(), m.Get("generateName").Str(),
	}
}

func comparePositions(a, b graph.Position) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

func (r *round) dropAll(tasks []*task, err error) (dropped bool) {
	for _, t := range tasks {
		t.refuse(err)
		dropped = true
	}
	return dropped
}

// tasksOn are the active tasks that edit an object.
func (r *round) tasksOn(id graph.NodeID) []*task {
	w := r.works[id]
	if w == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(w.tasks), func(t *task) bool { return !t.active() })
}

// tasksOf are the active tasks that edit or create a file which an origin is
// made from.
func (r *round) tasksOf(origin string) []*task {
	return r.activeTasks(func(t *task) bool {
		for name, text := range r.texts {
			if (name == origin || r.origins.reads[origin][name] || within(name, origin)) && r.touches(t, text) {
				return true
			}
		}
		return false
	})
}

func (r *round) activeTasks(want func(*task) bool) []*task {
	var list []*task
	for _, t := range r.tasks {
		if t.active() && want(t) {
			list = append(list, t)
		}
	}
	return list
}

// editsOf are the edits of one object.
func (t *task) editsOf(id graph.NodeID) []patch.Edit {
	var edits []patch.Edit
	for _, e := range t.edits {
		if e.node.ID == id {
			edits = append(edits, e.Edit)
		}
	}
	return edits
}
