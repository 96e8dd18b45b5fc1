package osv

// evaluation describes the part of the range that holds the version.
func (w *walk) evaluation() Evaluation {
	e := Evaluation{Verdict: IsAffected, Fixed: w.fixed()}
	end := w.next((*Event).ends)
	e.Open = end == nil && e.Fixed == "" && !w.limited()
	e.Range = w.text(end)
	return e
}

// fixed is the lowest fixed version above.
func (w *walk) fixed() string {
	if e := w.next(func(e *Event) bool { return e.Fixed != "" }); e != nil {
		return e.Fixed
	}
	return ""
}

func (e *Event) ends() bool { return e.Fixed != "" || e.LastAffected != "" }

func (w *walk) limited() bool {
	for i := range w.events {
		if limit := w.events[i].Limit; limit != "" && limit != "*" {
			return true
		}
	}
	return false
}

// next is the lowest event of a kind that the version has not reached, nil for
// none. All events have been compared with the version before.
func (w *walk) next(kind func(*Event) bool) *Event {
	var next *Event
	for i := range w.events {
		e := &w.events[i]
		if !kind(e) {
			continue
		}
		if reached, err := w.reached(e); err != nil || reached {
			continue
		}
		if next == nil {
			next = e
		} else if n, err := w.compare(e, next); err == nil && n < 0 {
			next = e
		}
	}
	return next
}

// text writes the interval as constraints.
func (w *walk) text(end *Event) string {
	from := &w.events[w.decider]
	low, high := "", ""
	if !from.lowest() || end == nil {
		low = ">= " + from.Introduced
	}
	switch {
	case end == nil:
	case end.Fixed != "":
		high = "< " + end.Fixed
	default:
		high = "<= " + end.LastAffected
	}
	if low != "" && high != "" {
		return low + ", " + high
	}
	return low + high
}
