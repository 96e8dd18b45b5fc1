package fix

import (
	"slices"

	"github.com/foilsec/foil/internal/fix/yamledit"
)

// memory is the state of a round before a trial.
type memory struct {
	refusals []error
	refuted  []bool
	edits    map[string][]yamledit.Edit
}

func (r *round) remember() memory {
	m := memory{edits: map[string][]yamledit.Edit{}}
	for _, t := range r.tasks {
		m.refusals, m.refuted = append(m.refusals, t.refusal), append(m.refuted, t.refuted)
	}
	for name, t := range r.texts {
		m.edits[name] = slices.Clone(t.edits)
	}
	return m
}

func (r *round) restore(m memory) {
	for i, t := range r.tasks {
		t.refusal, t.refuted = m.refusals[i], m.refuted[i]
	}
	for name, t := range r.texts {
		t.edits = m.edits[name]
	}
}

// sameActive reports whether, besides the given tasks, exactly those are active
// that were.
func (r *round) sameActive(m memory, tasks []*task) bool {
	for i, t := range r.tasks {
		if t.active() != (m.refusals[i] == nil || slices.Contains(tasks, t)) {
			return false
		}
	}
	return true
}
