package fix

import (
	"slices"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// task is the work on one finding. It is done as a whole or not at all.
type task struct {
	number  int
	finding *finding.Finding
	edits   []objectEdit
	// creates are the new objects that it needs.
	creates []*creation
	// refusal says why it is not done; refuted that the proof said so.
	refusal error
	refuted bool
	// computed tells that what it would change is in no text, so that a patch
	// is the way.
	computed bool
	// inside are edits next to what a template fills in: a way out when the
	// values of the chart offer none.
	inside []placedEdit
}

// objectEdit is an edit of an object of the snapshot.
type objectEdit struct {
	node *graph.Node
	patch.Edit
}

func (t *task) active() bool { return t.refusal == nil }

// makes reports whether the task creates a file.
func (t *task) makes(file *text) bool {
	return slices.ContainsFunc(t.creates, func(c *creation) bool { return c.text == file })
}

// refuse notes the first reason why a task is not done.
func (t *task) refuse(err error) {
	if t.refusal == nil {
		t.refusal = err
	}
}

// skip is the task in the form of the plan.
func (t *task) skip() Skip {
	return Skip{Fingerprint: t.finding.Fingerprint, Rule: t.finding.Rule, Node: t.finding.Node, Reason: reasonOf(t.refusal)}
}

// reasonOf is an error as users read it; errors that are not made for them
// have one language only.
func reasonOf(err error) lang.Text {
	var refusal *patch.Refusal
	if asRefusal(err, &refusal) {
		return refusal.Reason
	}
	return lang.Text{EN: err.Error(), ZH: err.Error()}
}

// errNoFix says that a finding has advice only.
var errNoFix = patch.Refuse("it has no automatic fix; follow the advice of the rule", "没有自动修复；请按规则的建议处理")

// errNoFolder says that a new object has no place among the files.
var errNoFolder = patch.Refuse(
	"no folder of the files is right for the object that it creates; apply the object instead",
	"文件中没有适合存放新建对象的文件夹；请直接应用该对象")

// collect makes a task of every finding, and merges the edits of each object to
// find out which contradict.
func (r *round) collect(findings []finding.Finding) {
	for i := range findings {
		t := &task{number: i, finding: &findings[i]}
		r.tasks = append(r.tasks, t)
		if err := r.steps(t); err != nil {
			t.refuse(err)
			continue
		}
		r.merge(t)
		for _, c := range t.creates {
			if c.origin == "" {
				t.computed = true
				t.refuse(errNoFolder)
			}
		}
	}
}

// steps reads the fixes of a finding.
func (r *round) steps(t *task) error {
	if len(t.finding.Fixes) == 0 {
		return errNoFix
	}
	for _, f := range t.finding.Fixes {
		id := f.Node
		if id == "" {
			id = t.finding.Node
		}
		if f.Operation == finding.Create {
			if err := r.create(t, f.Value); err != nil {
				return err
			}
			continue
		}
		e, err := patch.ParseEdit(f)
		if err != nil {
			return patch.Refuse("the fix of the rule can't be read: %v", "规则的修复无法读取：%v", err)
		}
		if err := r.edit(t, id, e); err != nil {
			return err
		}
	}
	return nil
}

// edit adds an edit of an object to a task; a Namespace that is in no file is
// created with it.
func (r *round) edit(t *task, id graph.NodeID, e patch.Edit) error {
	if node, ok := r.snapshot.Node(id); ok && node.Object.Exists() {
		t.edits = append(t.edits, objectEdit{node, e})
		return nil
	}
	group, kind, _, name, ok := id.Object()
	if ok && group == "" && kind == "Namespace" && name != "" {
		return r.createNamespace(t, name, e)
	}
	return patch.Refuse("the object to change is not among what was read", "要修改的对象不在已读取的内容中")
}

// merge adds the edits of a task to the trees of its objects.
func (r *round) merge(t *task) {
	byNode := map[graph.NodeID][]patch.Edit{}
	for _, e := range t.edits {
		byNode[e.node.ID] = append(byNode[e.node.ID], e.Edit)
	}
	for _, e := range t.edits {
		edits := byNode[e.node.ID]
		if edits == nil {
			continue
		}
		delete(byNode, e.node.ID)
		w := r.work(e.node)
		w.tasks = append(w.tasks, t)
		if err := w.asked.Add(t.number, edits...); err != nil {
			t.refuse(err)
		}
	}
}
