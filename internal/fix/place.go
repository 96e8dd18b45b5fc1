package fix

import (
	"path"

	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/fix/yamledit"
	"github.com/foilsec/foil/internal/graph"
)

// place finds the text that each edit is made in.
func (r *round) place() {
	for _, t := range r.tasks {
		for _, e := range t.edits {
			if !t.active() {
				break
			}
			if err := r.placeEdit(t, e); err != nil {
				t.refuse(err)
			}
		}
	}
}

func (r *round) placeEdit(t *task, e objectEdit) error {
	root := e.node.Object.Position()
	switch {
	case root.File == "" || root.Line == 0:
		t.computed = true
		return errNoFile
	case isFile(e.node):
		text, err := r.text(root.File, false)
		if err != nil {
			t.computed = true
			return err
		}
		at := yamledit.Place{
			Line: root.Line, Column: root.Column, Name: e.node.Object.At("metadata", "name").Str(),
			Kind: e.node.Object.Get("kind").Str(),
		}
		text.edits = append(text.edits, yamledit.Edit{Owner: t.number, At: at, Edit: e.Edit})
		return nil
	}
	return r.placeComputed(t, e)
}

var errNoFile = patch.Refuse(
	"the object was not read from a file; apply the patch to it instead",
	"该对象不是从文件读取的；请改为应用补丁")

// placeComputed finds the text of an edit of an object that a chart or a
// kustomization makes: where the field stands, or else the nearest value around
// it that is written out somewhere.
func (r *round) placeComputed(t *task, e objectEdit) error {
	t.computed = true
	template, err := r.isChart(e.node.Provenance.Origin)
	if err != nil {
		return err
	}
	text, edit, err := r.nearestText(e, template)
	if err != nil {
		return err
	}
	edit.Owner = t.number
	if !text.open.Literal(edit.At, edit.Path) {
		t.inside = append(t.inside, placedEdit{text, edit})
		return errComputed(e.node)
	}
	text.edits = append(text.edits, edit)
	return nil
}

// placedEdit is an edit of a text.
type placedEdit struct {
	text *text
	edit yamledit.Edit
}

func (r *round) nearestText(e objectEdit, template bool) (*text, yamledit.Edit, error) {
	ways := wayTo(e.node.Object, e.Path)
	reason := errComputed(e.node)
	for i := len(ways) - 1; i >= 0; i-- {
		v := ways[i]
		at := v.Position()
		if at.Line == 0 || at.File == "" {
			continue
		}
		text, err := r.text(at.File, template)
		if err != nil {
			reason = err
			continue
		}
		place := yamledit.Place{Line: at.Line, Column: at.Column}
		if i == 0 {
			place.Kind = e.node.Object.Get("kind").Str()
		} else if !e.Path[i-1].InList {
			place.Field = v.Key()
		}
		if text.open.Has(place) {
			edit := e.Edit
			edit.Path = e.Path[i:]
			return text, yamledit.Edit{At: place, Edit: edit}, nil
		}
	}
	return nil, yamledit.Edit{}, reason
}

// errComputed says that what a fix would change stands in no text.
func errComputed(n *graph.Node) error {
	at := n.Object.Position()
	return patch.Refuse(
		"what it would change is computed and written out nowhere (%s, line %d); apply the patch, or change what computes it",
		"要修改的内容由计算得出，没有写在任何文本中（%s 第 %d 行）；请应用补丁，或修改计算它的内容", at.File, at.Line)
}

// wayTo are the values along a path, from the root on, as far as they exist.
func wayTo(v graph.Value, p patch.Path) []graph.Value {
	way := []graph.Value{v}
	for _, step := range p {
		if step.InList {
			v = v.Item(step.Index)
		} else {
			v = v.Get(step.Key)
		}
		if !v.Exists() {
			break
		}
		way = append(way, v)
	}
	return way
}

// kindOfOrigin is what makes objects that stand in no file.
type kindOfOrigin struct {
	chart bool
	err   error
}

// isChart reports whether an origin is a Helm chart, and not a Kustomize root.
func (r *round) isChart(origin string) (bool, error) {
	k, known := r.charts[origin]
	if !known {
		k.chart = r.exists(path.Join(origin, "Chart.yaml"))
		if !k.chart && r.kustomizationOf(origin) == "" {
			k.err = errOrigin
		}
		r.charts[origin] = k
	}
	return k.chart, k.err
}

func (r *round) exists(name string) bool {
	_, err := r.request.Files.ReadFile(name)
	return err == nil
}

// kustomizationOf is the file that makes a folder a Kustomize root.
func (r *round) kustomizationOf(folder string) string {
	for _, name := range [...]string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
		if file := path.Join(folder, name); r.exists(file) {
			return file
		}
	}
	return ""
}

// errOrigin says that an origin is nothing that can be edited.
var errOrigin = patch.Refuse(
	"the object comes from an archive, or from files outside of the folder; apply the patch instead",
	"该对象来自归档文件或文件夹之外的文件；请改为应用补丁")
