package fix

import (
	"errors"
	"slices"

	"github.com/foilsec/foil/internal/fix/overlay"
	"github.com/foilsec/foil/internal/fix/patch"
	"github.com/foilsec/foil/internal/fix/yamledit"
)

// patches are what can be said of tasks that no text could be changed for:
// patches of objects, and whole new objects.
func (r *round) patches() []Overlay {
	var list []Overlay
	for _, w := range r.order {
		if o, ok := r.patchOf(w); ok {
			list = append(list, o)
		}
	}
	for _, c := range r.creations {
		if c.origin == "" {
			list = append(list, r.newObject(c))
		}
	}
	return list
}

// patchOf is the patch of one object.
func (r *round) patchOf(w *work) (Overlay, bool) {
	o := Overlay{Node: w.node.ID}
	var tree patch.Tree
	for _, t := range w.tasks {
		gone := r.result != nil && !r.result.open[t.finding.Fingerprint]
		if t.active() || gone || !t.computed || t.refuted {
			continue
		}
		if tree.Add(t.number, t.editsOf(w.node.ID)...) == nil {
			o.Findings = append(o.Findings, t.finding.Fingerprint)
		}
	}
	if len(o.Findings) == 0 {
		return Overlay{}, false
	}
	object := w.node.Object
	var err error
	o.Text, err = overlay.Write(overlay.Target{
		APIVersion: object.Get("apiVersion").Str(), Kind: object.Get("kind").Str(), Namespace: w.node.Namespace,
		Name: object.At("metadata", "name").Str(), Model: w.before(),
	}, &tree)
	return o, err == nil
}

// newObject is an object that has no file to go to.
func (r *round) newObject(c *creation) Overlay {
	o := Overlay{Node: c.id, Create: true}
	var edits []yamledit.Edit
	for _, t := range r.tasks {
		if !slices.Contains(t.creates, c) {
			continue
		}
		o.Findings = append(o.Findings, t.finding.Fingerprint)
		for _, e := range c.text.edits {
			if e.Owner == t.number {
				edits = append(edits, e)
			}
		}
	}
	o.Text = c.text.open.Apply(edits).Data
	return o
}

// asRefusal finds a refusal in an error.
func asRefusal(err error, into **patch.Refusal) bool { return errors.As(err, into) }
