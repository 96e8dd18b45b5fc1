package osv

import "github.com/foilsec/foil/internal/version"

// walk asks what the events of one range say about one version.
//
// The schema sorts the events and lets each that the version has reached decide
// anew. So the highest reached event decides, and among equals the one that the
// record names last; no sorting is needed to find it.
type walk struct {
	order   version.Order
	version string
	events  []Event
	decider int // index of the event that decides, once verdict has run
}

func (w *walk) verdict() Verdict {
	if w.order == nil {
		return CannotCompare
	}
	within, err := w.beforeLimits()
	if err != nil {
		return CannotCompare
	}
	if !within {
		return NotAffected
	}
	w.decider = -1
	for i := range w.events {
		if err := w.step(i); err != nil {
			return CannotCompare
		}
	}
	if w.decider < 0 || w.events[w.decider].Introduced == "" {
		return NotAffected
	}
	return IsAffected
}

// step lets event i decide, if the version has reached it and no higher one.
func (w *walk) step(i int) error {
	reached, err := w.reached(&w.events[i])
	if err != nil || !reached {
		return err
	}
	if w.decider >= 0 {
		n, err := w.compare(&w.events[i], &w.events[w.decider])
		if err != nil || n < 0 {
			return err
		}
	}
	w.decider = i
	return nil
}

// reached reports whether the version is one for which the event has happened.
func (w *walk) reached(e *Event) (bool, error) {
	switch {
	case e.lowest():
		return true, nil
	case e.Introduced != "":
		n, err := w.order(w.version, e.Introduced)
		return n >= 0, err
	case e.Fixed != "":
		n, err := w.order(w.version, e.Fixed)
		return n >= 0, err
	case e.LastAffected != "":
		n, err := w.order(w.version, e.LastAffected)
		return n > 0, err
	}
	return false, nil
}

// lowest reports whether the event is before every version.
func (e *Event) lowest() bool { return e.Introduced == "0" }

// at is the version of an event that is no limit.
func (e *Event) at() string {
	switch {
	case e.Introduced != "":
		return e.Introduced
	case e.Fixed != "":
		return e.Fixed
	}
	return e.LastAffected
}

func (w *walk) compare(a, b *Event) (int, error) {
	switch {
	case a.lowest() && b.lowest():
		return 0, nil
	case a.lowest():
		return -1, nil
	case b.lowest():
		return 1, nil
	}
	return w.order(a.at(), b.at())
}

// beforeLimits reports whether the version is below any limit of the range.
func (w *walk) beforeLimits() (bool, error) {
	limited := false
	for i := range w.events {
		limit := w.events[i].Limit
		if limit == "" {
			continue
		}
		if limit == "*" {
			return true, nil
		}
		n, err := w.order(w.version, limit)
		if err != nil || n < 0 {
			return err == nil, err
		}
		limited = true
	}
	return !limited, nil
}
