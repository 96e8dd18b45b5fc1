package fix

import (
	"slices"

	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/graph"
)

// compare holds the objects of an origin to what is asked of them. What a text
// computes may come out otherwise than its edits were meant.
func (r *round) compare(origin string, objects map[graph.NodeID]graph.Value) (dropped bool) {
	for _, n := range r.origins.nodes[origin] {
		now := objects[n.ID]
		w := r.works[n.ID]
		if w == nil {
			if !graph.Equal(n.Object, now) {
				r.blame(origin, n, now.Any())
				dropped = true
			}
			continue
		}
		dropped = r.compareWork(origin, w, now.Any()) || dropped
	}
	return dropped
}

// compareWork accepts an object when it differs from before by exactly what is
// asked of it, or by exactly those edits that came true, whoever made them.
func (r *round) compareWork(origin string, w *work, now any) (dropped bool) {
	if r.becomes(w, now, (*task).active) {
		return false
	}
	came := func(t *task) bool { return isTrue(t.editsOf(w.node.ID), now) }
	for _, t := range w.tasks {
		if t.active() && !came(t) {
			t.refuse(errComputed(w.node))
			dropped = true
		}
	}
	if !dropped && !r.becomes(w, now, came) {
		r.blame(origin, w.node, now)
		dropped = true
	}
	return dropped
}

// becomes reports whether the edits of some tasks make an object what it is
// now.
func (r *round) becomes(w *work, now any, whose func(*task) bool) bool {
	var tree patch.Tree
	for _, t := range w.tasks {
		if whose(t) && tree.Add(t.number, t.editsOf(w.node.ID)...) != nil {
			return false
		}
	}
	want, err := tree.Apply(w.before())
	return err == nil && sameObject(want, now)
}

// blame drops the tasks that made an object what nobody asks for: those whose
// edits came true on it though they were meant for others; or else its own, or
// else those that touch what it is made from.
func (r *round) blame(origin string, n *graph.Node, now any) {
	err, before := errElsewhere(n), n.Object.Any()
	strays := r.activeTasks(func(t *task) bool {
		for _, e := range t.edits {
			if edit := []patch.Edit{e.Edit}; e.node != n && !isFile(e.node) && isTrue(edit, now) && !isTrue(edit, before) {
				return len(t.editsOf(n.ID)) == 0
			}
		}
		return false
	})
	if w := r.works[n.ID]; w != nil {
		strays = slices.DeleteFunc(strays, w.asksFor)
	}
	if !r.dropAll(strays, err) && !r.dropAll(r.tasksOn(n.ID), err) && !r.dropAll(r.tasksOf(origin), err) {
		r.dropAll(r.activeTasks(func(*task) bool { return true }), err)
	}
}

// asksFor reports whether the object's own tasks ask for an edit that another
// task has.
func (w *work) asksFor(other *task) bool {
	for _, t := range w.tasks {
		for _, mine := range t.edits {
			if t.active() && slices.ContainsFunc(other.edits, func(e objectEdit) bool { return sameEdit(mine.Edit, e.Edit) }) {
				return true
			}
		}
	}
	return false
}

func sameEdit(a, b patch.Edit) bool {
	return a.Operation == b.Operation && a.Path.String() == b.Path.String() &&
		(a.Value == b.Value || a.Value != nil && b.Value != nil && patch.SameValue(a.Value, b.Value))
}

// isTrue reports whether an object is already as edits would make it.
func isTrue(edits []patch.Edit, now any) bool {
	for _, e := range edits {
		var tree patch.Tree
		if tree.Add(0, e) != nil {
			return false
		}
		after, err := tree.Apply(now)
		if err != nil || !sameObject(after, now) {
			return false
		}
	}
	return true
}

// sameObject reports whether two models are the same to the API server, to which
// a field that is null is not there.
func sameObject(a, b any) bool {
	return patch.SameModel(patch.WithoutNulls(a), patch.WithoutNulls(b))
}

// errElsewhere says that a change reaches further than it should.
func errElsewhere(n *graph.Node) error {
	return patch.Refuse(
		"the text that it would change also makes other fields or objects (%s); apply the patch, or change it by hand",
		"要修改的文本还会影响其他字段或对象（%s）；请应用补丁或手动修改", string(n.ID))
}
