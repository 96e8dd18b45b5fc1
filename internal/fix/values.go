package fix

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/fix/yamledit"
	"github.com/foilsec/foil/internal/graph"
)

// maxTrials bounds how often a chart is rendered to find out which of its
// values a field comes from.
const maxTrials = 100

// tryValues looks for values of charts that would make what no template says:
// a field of the same name in the chart's values. Whether it is the right one
// is found out by trying.
func (r *round) tryValues(ctx context.Context) error {
	left := maxTrials
	for _, g := range r.groups() {
		for _, at := range r.candidates(g) {
			if left--; left < 0 {
				return nil
			}
			done, err := r.tryGroup(ctx, g, at)
			if err != nil {
				return err
			}
			if done {
				break
			}
		}
	}
	return nil
}

// group is the tasks that change fields of one map which a chart computes.
type group struct {
	node  *graph.Node
	way   string // to the map, for comparing
	depth int    // steps of it
	tasks []*task
}

// groups gathers the tasks that no text could be found for.
func (r *round) groups() []*group {
	var groups []*group
	for _, t := range r.tasks {
		if !r.isStuck(t) {
			continue
		}
		e := t.edits[0]
		depth := topField(e.Path)
		way := e.Path[:depth].String()
		i := slices.IndexFunc(groups, func(g *group) bool { return g.node == e.node && g.way == way })
		if i < 0 {
			groups = append(groups, &group{node: e.node, way: way, depth: depth})
			i = len(groups) - 1
		}
		groups[i].tasks = append(groups[i].tasks, t)
	}
	return groups
}

// isStuck reports whether values of a chart may be the way for a task: it
// changes one map of one object that a chart makes.
func (r *round) isStuck(t *task) bool {
	if t.active() || !t.computed || t.refuted || len(t.edits) == 0 || len(t.creates) > 0 {
		return false
	}
	first := t.edits[0]
	depth := topField(first.Path)
	for _, e := range t.edits {
		if e.node != first.node || topField(e.Path) != depth || e.Path[:depth].String() != first.Path[:depth].String() {
			return false
		}
	}
	chart, err := r.isChart(first.node.Provenance.Origin)
	return err == nil && chart && depth > 0 && !isFile(first.node)
}

// topField is the number of steps to the field of a pod or container, which is
// what charts take from values as a whole: of
// spec.containers[0].securityContext.privileged the securityContext.
func topField(p patch.Path) int {
	for i := len(p) - 1; i >= 0; i-- {
		if p[i].InList || p[i].Key == "spec" {
			return min(i+2, len(p))
		}
	}
	return min(len(p), 2)
}

// candidate is a field of a values file that may be the one.
type candidate struct {
	text  *text
	path  patch.Path
	score int
}

// candidates are the fields in values files that have the name of what the
// group changes, and the places beside them where one of that name is missing.
// The likeliest come first.
func (r *round) candidates(g *group) []candidate {
	name := g.tasks[0].edits[0].Path[g.depth-1].Key
	if name == "" {
		return nil
	}
	var list []candidate
	for _, file := range valuesFiles(g.node) {
		t, err := r.text(file, false)
		if err != nil {
			continue
		}
		var document yaml.Node
		if yaml.Unmarshal(t.base, &document) != nil || len(document.Content) == 0 {
			continue
		}
		for _, p := range fieldsNamed(document.Content[0], name, nil) {
			list = append(list, candidate{t, p, g.likeness(p, name)})
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	return list
}

// likeness is how many names on a path of values are among those of the object;
// a field of the very name counts before one whose name only ends so.
func (g *group) likeness(p patch.Path, name string) int {
	names := g.node.Name
	for _, v := range wayTo(g.node.Object, g.tasks[0].edits[0].Path) {
		names += " " + v.Get("name").Str()
	}
	score := 0
	for _, step := range p[:len(p)-1] {
		if step.Key != "" && strings.Contains(names, step.Key) {
			score++
		}
	}
	if p[len(p)-1].Key == name {
		score += len(p)
	}
	return score
}

// valuesFiles are the values files of the chart that an object is from, and of
// the chart within it that has its template.
func valuesFiles(n *graph.Node) []string {
	files := []string{path.Join(n.Provenance.Origin, "values.yaml")}
	for dir := path.Dir(n.Object.Position().File); within(dir, n.Provenance.Origin); dir = path.Dir(dir) {
		if path.Base(dir) == "templates" {
			files = append(files, path.Join(path.Dir(dir), "values.yaml"))
		}
	}
	return slices.Compact(files)
}

// fieldsNamed finds the ways to the fields of a name, or one that ends so, as
// podSecurityContext does; and to where such a field could be because a map
// beside has one.
func fieldsNamed(n *yaml.Node, name string, at patch.Path) []patch.Path {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	var found []patch.Path
	anyHas := false
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := patch.FieldName(n.Content[i])
		way := append(slices.Clone(at), patch.Field(key))
		if strings.HasSuffix(strings.ToLower(key), strings.ToLower(name)) {
			found = append(found, way)
		}
		anyHas = anyHas || hasField(n.Content[i+1], name)
		found = append(found, fieldsNamed(n.Content[i+1], name, way)...)
	}
	for i := 0; anyHas && i+1 < len(n.Content); i += 2 {
		if child := n.Content[i+1]; child.Kind == yaml.MappingNode && !hasField(child, name) {
			found = append(found, append(slices.Clone(at), patch.Field(patch.FieldName(n.Content[i])), patch.Field(name)))
		}
	}
	return found
}

func hasField(n *yaml.Node, name string) bool {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if patch.FieldName(n.Content[i]) == name {
				return true
			}
		}
	}
	return false
}

// tryGroup makes the edits of a group in a values file, and keeps them if all
// of them come true and nothing else changes.
func (r *round) tryGroup(ctx context.Context, g *group, at candidate) (bool, error) {
	var placed []placedEdit
	for _, t := range g.tasks {
		for _, e := range t.edits {
			edit := e.Edit
			edit.Path = append(slices.Clone(at.path), e.Path[g.depth:]...)
			placed = append(placed, placedEdit{at.text, yamledit.Edit{Owner: t.number, Edit: edit}})
		}
	}
	return r.try(ctx, g.tasks, placed)
}

// tryInside makes the edits that are left next to what templates fill in.
func (r *round) tryInside(ctx context.Context) error {
	for _, t := range r.tasks {
		if t.active() || t.refuted || len(t.inside) == 0 || len(t.inside) < len(t.edits) || len(t.creates) > 0 {
			continue
		}
		if _, err := r.try(ctx, []*task{t}, t.inside); err != nil {
			return err
		}
	}
	return nil
}

// try makes tasks active again with other edits, and keeps that if they and all
// others stand the comparison.
func (r *round) try(ctx context.Context, tasks []*task, placed []placedEdit) (bool, error) {
	undo := r.remember()
	for _, t := range tasks {
		t.refusal = nil
	}
	for _, text := range r.texts {
		text.edits = slices.DeleteFunc(text.edits, func(e yamledit.Edit) bool { return slices.Contains(tasks, r.tasks[e.Owner]) })
	}
	for _, p := range placed {
		p.text.edits = append(p.text.edits, p.edit)
	}
	changed := r.write()
	ok := r.sameActive(undo, tasks)
	if ok && len(changed) > 0 {
		_, _, dropped, err := r.check(ctx, changed)
		if err != nil {
			return false, err
		}
		ok = !dropped
	}
	if !ok {
		r.restore(undo)
	}
	return ok, nil
}
