package fix

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/linediff"
	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/fix/yamledit"
	"github.com/foilsec/foil/internal/graph"
)

// round fixes findings of one snapshot.
type round struct {
	*planner
	tasks     []*task
	works     map[graph.NodeID]*work
	order     []*work // of works, as they came up
	texts     map[string]*text
	creations []*creation
	origins   *origins
	charts    map[string]kindOfOrigin
	// result is what stands after the last proof.
	result *outcome
}

// work is what is asked of one object.
type work struct {
	node  *graph.Node
	tasks []*task
	asked patch.Tree
	model any // the object before, once it is needed
}

// text is a file that is being edited.
type text struct {
	name   string
	base   []byte // before this round; of a new file, what is edited to make it
	isNew  bool
	open   *yamledit.Text
	edits  []yamledit.Edit
	result yamledit.Result
}

func newRound(p *planner) *round {
	return &round{
		planner: p, works: map[graph.NodeID]*work{}, texts: map[string]*text{},
		origins: findOrigins(p.snapshot), charts: map[string]kindOfOrigin{},
	}
}

func (r *round) work(n *graph.Node) *work {
	w := r.works[n.ID]
	if w == nil {
		w = &work{node: n}
		r.works[n.ID], r.order = w, append(r.order, w)
	}
	return w
}

// before is the object as a model.
func (w *work) before() any {
	if w.model == nil {
		w.model = w.node.Object.Any()
	}
	return w.model
}

// text opens a file for edits.
func (r *round) text(name string, template bool) (*text, error) {
	if t := r.texts[name]; t != nil {
		return t, nil
	}
	data, err := r.content(name)
	switch {
	case errors.Is(err, errOutside):
		return nil, patch.Refuse("%s is not in the folder that is being fixed", "%s 不在要修复的文件夹中", name)
	case errors.Is(err, fs.ErrNotExist):
		return nil, patch.Refuse("%s is no longer there", "%s 已不存在", name)
	case err != nil:
		return nil, patch.Refuse("%s can't be read: %v", "%s 无法读取：%v", name, err)
	}
	t := &text{name: name, base: data, open: yamledit.Open(data, yamledit.Options{Template: template})}
	r.texts[name] = t
	return t, nil
}

// settle drops tasks until those that are left stand the proof together. Each
// turn drops one at least, so that it ends.
func (r *round) settle(ctx context.Context) error {
	for {
		changed := r.write()
		if len(changed) == 0 {
			r.result = nil
			return nil
		}
		result, dropped, err := r.prove(ctx, changed)
		if err != nil {
			return err
		}
		if !dropped {
			r.result = result
			return nil
		}
	}
}

// write makes the edits of all tasks that are still active and gives the files
// that they change. Tasks whose edits fail are dropped with all that they ask
// for elsewhere.
func (r *round) write() map[string][]byte {
	for {
		changed, dropped := map[string][]byte{}, false
		for _, name := range slices.Sorted(maps.Keys(r.texts)) {
			t := r.texts[name]
			t.result = t.open.Apply(r.activeEdits(t))
			for owner, err := range t.result.Failed {
				r.tasks[owner].refuse(err)
				dropped = true
			}
			if r.wanted(t) && (t.isNew || len(t.result.Splices) > 0) {
				changed[name] = t.result.Data
			}
		}
		if !dropped {
			return changed
		}
	}
}

func (r *round) activeEdits(t *text) []yamledit.Edit {
	var edits []yamledit.Edit
	for _, e := range t.edits {
		if r.tasks[e.Owner].active() {
			edits = append(edits, e)
		}
	}
	return edits
}

// wanted reports whether an active task needs a file: a new one is not made
// for nobody.
func (r *round) wanted(t *text) bool {
	if !t.isNew {
		return true
	}
	return slices.ContainsFunc(r.creations, func(c *creation) bool { return c.text == t && r.needed(c) })
}

// commit takes the result over into the planner, and gives the findings that
// are new.
func (r *round) commit() []finding.Finding {
	if r.result == nil {
		return nil
	}
	for name := range r.result.changed {
		r.keep(r.texts[name])
	}
	for i := range r.known {
		if f := r.known[i].Fingerprint; !r.result.open[f] {
			r.gone[f] = true
		}
	}
	r.snapshot, r.known = r.result.snapshot, r.result.findings
	return r.result.added
}

// keep adds the edits of a text to what is known of its file.
func (r *round) keep(t *text) {
	f := r.files[t.name]
	switch {
	case f == nil && t.isNew:
		f = &file{change: linediff.Created(t.result.Data), created: true, known: map[finding.Fingerprint]bool{}}
		r.files[t.name] = f
	case f == nil:
		f = &file{change: linediff.New(t.base), known: map[finding.Fingerprint]bool{}}
		r.files[t.name] = f
		fallthrough
	default:
		var regions []linediff.Region
		for _, s := range t.result.Splices {
			regions = append(regions, linediff.Region{Start: s.Start, End: s.End, Length: len(s.Text)})
		}
		f.change.Replace(t.result.Data, regions)
	}
	owners := map[int]bool{}
	for _, e := range t.edits {
		owners[e.Owner] = true
	}
	for _, k := range r.tasks {
		done := k.active() || errors.Is(k.refusal, errSpared)
		if print := k.finding.Fingerprint; done && (owners[k.number] || k.makes(t)) && !f.known[print] {
			f.known[print] = true
			f.findings = append(f.findings, print)
		}
	}
}

// touches reports whether a task asks for an edit of a file, or for the file.
func (r *round) touches(k *task, t *text) bool {
	return k.makes(t) || slices.ContainsFunc(t.edits, func(e yamledit.Edit) bool { return e.Owner == k.number })
}
