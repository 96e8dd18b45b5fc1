package osv

import (
	"slices"

	"github.com/foilsec/foil/internal/version"
)

// naiveVerdict follows the pseudocode of the schema word for word, for one
// entry: it sorts the events and walks them. It is slow and plain on purpose.
func naiveVerdict(a *Affected, order version.Order, v string) Verdict {
	for _, listed := range a.Versions {
		if listed == v {
			return IsAffected
		}
	}
	unreadable := false
	for _, r := range a.Ranges {
		switch naiveRange(r, order, v) {
		case IsAffected:
			return IsAffected
		case CannotCompare:
			unreadable = true
		}
	}
	if unreadable {
		return CannotCompare
	}
	return NotAffected
}

// unreadableVersion is what the naive evaluator gives up with.
type unreadableVersion struct{ error }

func naiveRange(r Range, order version.Order, v string) (verdict Verdict) {
	defer func() {
		if problem := recover(); problem != nil {
			if _, ok := problem.(unreadableVersion); !ok {
				panic(problem)
			}
			verdict = CannotCompare
		}
	}()
	switch r.Type {
	case Git:
		return NotAffected
	case Semver:
		order = version.Semver
	}
	compare := func(a, b string) int {
		n, err := order(a, b)
		if err != nil {
			panic(unreadableVersion{err})
		}
		return n
	}
	if naiveBeforeLimits(r, v, compare) && naiveWalk(r, v, compare) {
		return IsAffected
	}
	return NotAffected
}

func naiveBeforeLimits(r Range, v string, compare func(a, b string) int) bool {
	limits := 0
	for _, e := range r.Events {
		if e.Limit == "" {
			continue
		}
		limits++
		if e.Limit == "*" || compare(v, e.Limit) < 0 {
			return true
		}
	}
	return limits == 0
}

func naiveWalk(r Range, v string, compare func(a, b string) int) bool {
	var sorted []Event
	for _, e := range r.Events {
		if e.Limit == "" {
			sorted = append(sorted, e)
		}
	}
	slices.SortStableFunc(sorted, func(a, b Event) int {
		switch {
		case a.Introduced == "0" && b.Introduced == "0":
			return 0
		case a.Introduced == "0":
			return -1
		case b.Introduced == "0":
			return 1
		}
		return compare(a.Introduced+a.Fixed+a.LastAffected, b.Introduced+b.Fixed+b.LastAffected)
	})
	vulnerable := false
	for _, e := range sorted {
		switch {
		case e.Introduced != "":
			if e.Introduced == "0" || compare(v, e.Introduced) >= 0 {
				vulnerable = true
			}
		case e.Fixed != "":
			if compare(v, e.Fixed) >= 0 {
				vulnerable = false
			}
		case e.LastAffected != "":
			if compare(v, e.LastAffected) > 0 {
				vulnerable = false
			}
		}
	}
	return vulnerable
}
