package yamledit

import (
	"errors"
	"maps"
	"slices"

	"github.com/foilsec/foil/internal/fix/patch"
)

// Edit is one change of a text: a patch below a place. Owner tells who asks for
// it: the edits of one owner are made all or not at all.
type Edit struct {
	Owner int
	At    Place
	patch.Edit
}

// Result is a text after edits.
type Result struct {
	Data    []byte
	Splices []Splice // in the order of the text
	// Failed says why the edits of some owners were not made.
	Failed map[int]error
}

// Options select how a text is read.
type Options struct {
	// Template reads the text as a Helm template.
	Template bool
}

// Text is a text that can be edited. Its documents are parsed when they are
// asked for. It is not safe for concurrent use.
type Text struct {
	data, masked []byte
	template     bool
	actions      []region
	branches     branches
	chunks       []chunk
	// By number of the chunk:
	parsed map[int][]*document
	broken map[int]error
	lines  map[int][]int
}

// Open makes a text ready for edits.
func Open(data []byte, o Options) *Text {
	t := &Text{
		data: data, masked: data, template: o.Template,
		parsed: map[int][]*document{}, broken: map[int]error{}, lines: map[int][]int{},
	}
	if o.Template {
		t.masked, t.actions = mask(data)
		t.branches = findBranches(data, t.actions)
	}
	t.chunks = split(t.masked)
	return t
}

// Has reports whether there is a value at a place.
func (t *Text) Has(at Place) bool {
	_, _, err := t.find(at)
	return err == nil
}

// Apply makes edits. It never fails as a whole: what can't be done is left out.
func (t *Text) Apply(edits []Edit) Result {
	failed := map[int]error{}
	jobs := t.assign(edits, failed)
	for {
		splices, more := t.solve(jobs, failed)
		if len(more) == 0 {
			return Result{Data: apply(t.data, splices), Splices: splices, Failed: failed}
		}
		maps.Copy(failed, more)
	}
}

// job is the edits of one document, by owner.
type job struct {
	document *document
	edits    map[int][]patch.Edit
	// done is what the job came to for the owners that it had then.
	done   []Splice
	owners []int
}

// assign finds the document and the path of every edit.
func (t *Text) assign(edits []Edit, failed map[int]error) []*job {
	byDocument := map[*document]*job{}
	var jobs []*job
	for _, e := range edits {
		d, n, err := t.find(e.At)
		if err != nil {
			failed[e.Owner] = err
			continue
		}
		j := byDocument[d]
		if j == nil {
			j = &job{document: d, edits: map[int][]patch.Edit{}}
			byDocument[d], jobs = j, append(jobs, j)
		}
		e.Path = append(n.path(), e.Path...)
		j.edits[e.Owner] = append(j.edits[e.Owner], e.Edit)
	}
	slices.SortFunc(jobs, func(a, b *job) int { return a.document.start - b.document.start })
	return jobs
}

// solve makes the splices of all documents without the owners that failed, and
// tells who fails too.
func (t *Text) solve(jobs []*job, failed map[int]error) (splices []Splice, more map[int]error) {
	more = map[int]error{}
	for _, j := range jobs {
		var owners []int
		for _, owner := range slices.Sorted(maps.Keys(j.edits)) {
			if failed[owner] == nil {
				owners = append(owners, owner)
			}
		}
		if j.owners == nil || !slices.Equal(owners, j.owners) {
			maps.Copy(more, t.solveDocument(j, owners))
			j.owners = owners
		}
		splices = append(splices, j.done...)
	}
	return splices, more
}

// solveDocument makes the splices of one document. When the edits together do
// not come out as they should, those that pass through anchors are given up,
// or else each owner is tried in turn.
func (t *Text) solveDocument(j *job, owners []int) map[int]error {
	splices, shared, failed := t.attempt(j, owners)
	if failed == nil {
		j.done = splices
		return nil
	}
	if len(failed) > 0 {
		return failed
	}
	if len(shared) > 0 {
		for owner := range shared {
			failed[owner] = errShared
		}
		return failed
	}
	var good []int
	for _, owner := range owners {
		if _, _, bad := t.attempt(j, append(slices.Clone(good), owner)); bad == nil {
			good = append(good, owner)
		} else {
			failed[owner] = errUnsafe
			maps.Copy(failed, bad)
		}
	}
	return failed
}

var errShared = patch.Refuse(
	"the value is shared through a YAML anchor with places that need no change; change it by hand",
	"该值通过 YAML 锚点与无需修改之处共用；请手动修改")

var errUnsafe = patch.Refuse(
	"the text around the field can't be changed safely by a program; change it by hand",
	"该字段周围的文本无法由程序安全修改；请手动修改")

// attempt makes the splices of some owners. Failed is nil when they come out
// as they should, and empty when it is not known whose fault it is.
func (t *Text) attempt(j *job, owners []int) (splices []Splice, shared map[int]bool, failed map[int]error) {
	failed = map[int]error{}
	var tree patch.Tree
	for _, owner := range owners {
		if err := tree.Add(owner, j.edits[owner]...); err != nil {
			failed[owner] = err
		}
	}
	if len(failed) > 0 {
		return nil, nil, failed
	}
	e := newEditor(j.document, t.branches)
	e.value(j.document.root, &tree.Root)
	if len(e.failed) > 0 {
		return nil, nil, e.failed
	}
	splices, err := arrange(t.data, e.splices)
	if err != nil || t.touchesAction(splices) || t.verify(j.document, &tree, splices) != nil {
		return nil, e.shared, failed
	}
	return splices, nil, nil
}

// touchesAction reports whether a splice would change an action of a template.
func (t *Text) touchesAction(splices []Splice) bool {
	for _, s := range splices {
		if s.inserts() && t.inAction(s.Start, s.Start) || !s.inserts() && t.inAction(s.Start, s.End) {
			return true
		}
	}
	return false
}

var errMeaning = errors.New("the new text does not mean what the edits ask for")

// verify parses the new text of a document and compares what it means.
func (t *Text) verify(d *document, tree *patch.Tree, splices []Splice) error {
	before, err := patch.ModelOf(d.root.yaml)
	if err != nil {
		return err
	}
	want, err := tree.Apply(before)
	if err != nil {
		return err
	}
	local := make([]Splice, len(splices))
	for i, s := range splices {
		s.Start, s.End = s.Start-d.start, s.End-d.start
		local[i] = s
	}
	again := apply(t.data[d.start:d.end], local)
	if t.template {
		again, _ = mask(again)
	}
	chunks := split(again)
	if len(chunks) != 1 {
		return errMeaning
	}
	documents, err := parse(again, chunks[0])
	if err != nil || len(documents) != 1 {
		return errors.Join(errMeaning, err)
	}
	got, err := patch.ModelOf(documents[0].root.yaml)
	if err != nil || !patch.SameModel(want, got) {
		return errors.Join(errMeaning, err)
	}
	return nil
}
