package osv

import (
	"slices"

	"github.com/foilsec/foil/internal/version"
)

// Verdict says whether a version is affected.
type Verdict int

// The verdicts. A version that can't be compared is never one that is safe.
const (
	NotAffected Verdict = iota
	IsAffected
	CannotCompare
)

// Evaluation is the answer of an entry for one version.
type Evaluation struct {
	Verdict Verdict
	// Range is what holds the version: ">= 1.2.0, < 1.2.5", or "= 1.2.3" where
	// the entry lists it. It is set when the version is affected.
	Range string
	// Fixed is the lowest version above that ends it; empty for none.
	Fixed string
	// Open is set when a range holds the version and nothing ends it: no fixed
	// and no last affected version.
	Open bool
}

// Evaluate asks whether a version is affected, as the OSV schema defines it: it
// is listed, or lies in any range. Ranges of commits say nothing about versions
// and are passed over. The order is that of the package's ecosystem; it is used
// for ranges of the type ECOSYSTEM.
func (a *Affected) Evaluate(order version.Order, v string) Evaluation {
	var e Evaluation
	if slices.Contains(a.Versions, v) {
		e = Evaluation{Verdict: IsAffected, Range: "= " + v}
	}
	listed, unreadable := e.Verdict == IsAffected, false
	for i := range a.Ranges {
		r := &a.Ranges[i]
		if r.Type == Git {
			continue
		}
		w := walk{order: orderOf(r.Type, order), version: v, events: r.Events}
		switch verdict := w.verdict(); {
		case verdict == CannotCompare:
			unreadable = true
		case verdict == IsAffected && (listed || e.Verdict == NotAffected):
			e, listed = w.evaluation(), false
		case verdict == IsAffected:
			e.join(w.evaluation(), w.order)
		case listed:
			e.Fixed = w.fixed()
		}
	}
	if unreadable && e.Verdict == NotAffected {
		e.Verdict = CannotCompare
	}
	return e
}

// orderOf is the order of a type of range, nil if foil does not know the type.
func orderOf(t RangeType, ecosystem version.Order) version.Order {
	switch t {
	case Semver:
		return version.Semver
	case Ecosystem:
		return ecosystem
	}
	return nil
}

// join adds another range that holds the version. Only a version that is fixed
// in both is fixed.
func (e *Evaluation) join(other Evaluation, order version.Order) {
	e.Open = e.Open || other.Open
	if e.Fixed == "" || other.Fixed == "" {
		e.Fixed = ""
		return
	}
	if n, err := order(other.Fixed, e.Fixed); err != nil || n > 0 {
		e.Fixed = other.Fixed
	}
}
