// Package check runs the controls that are written in Go: those that need more
// than one object. A control is its metadata, the kinds that it needs to see,
// and a function that judges; this package counts, keeps to what was visible,
// and turns faults into findings with fixes and fingerprints.
//
// It knows no control itself; the analyzers beside it pass theirs in.
package check

import (
	"context"
	"fmt"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

// Control is one control that is written in Go. F is what its analyzer knows
// about the snapshot; it is built once for all controls.
type Control[F any] struct {
	Metadata control.Metadata
	// Needs are kinds that the control finds faults by missing: when one of
	// them could not be read, nothing can be said about any object.
	Needs []graph.Kind
	// Proof are kinds that a pass rests on: when one of them could not be read,
	// a fault still is a fault, but finding none means nothing.
	Proof []graph.Kind
	// Judge gives a verdict on every object in the scope of the control.
	Judge func(facts F, v *Verdicts)
}

// Analyzer runs controls that share facts.
type Analyzer[F any] struct {
	facts    func(*analyze.Facts) F
	controls []Control[F]
}

// New is an analyzer of the given controls over facts that are built anew for
// each snapshot.
func New[F any](facts func(*analyze.Facts) F, controls ...Control[F]) *Analyzer[F] {
	return &Analyzer[F]{facts, controls}
}

// Rules lists the rules of the controls in their order.
func (a *Analyzer[F]) Rules() []finding.Rule {
	rules := make([]finding.Rule, len(a.controls))
	for i := range a.controls {
		rules[i] = a.controls[i].Metadata.Rule()
	}
	return rules
}

// Metadata lists what the controls say about themselves, in their order.
func (a *Analyzer[F]) Metadata() []control.Metadata {
	metadata := make([]control.Metadata, len(a.controls))
	for i := range a.controls {
		metadata[i] = a.controls[i].Metadata
	}
	return metadata
}

// Analyze runs every control.
func (a *Analyzer[F]) Analyze(ctx context.Context, facts *analyze.Facts, sink analyze.Sink) error {
	known := a.facts(facts)
	for i := range a.controls {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("stopped before control %s: %w", a.controls[i].Metadata.ID, err)
		}
		a.controls[i].run(known, facts.Snapshot, sink)
	}
	return nil
}

func (c *Control[F]) run(facts F, s *graph.Snapshot, sink analyze.Sink) {
	if kind, hidden := firstHidden(s, c.Needs); hidden {
		sink.NotEvaluated(c.Metadata.ID, "", Unread(kind))
		return
	}
	v := &Verdicts{metadata: &c.Metadata, sink: sink}
	if kind, hidden := firstHidden(s, c.Proof); hidden {
		v.noPass = true
		sink.NotEvaluated(c.Metadata.ID, "", Unread(kind))
	}
	c.Judge(facts, v)
	sink.Evaluated(c.Metadata.ID, v.evaluated)
}

func firstHidden(s *graph.Snapshot, kinds []graph.Kind) (graph.Kind, bool) {
	for _, kind := range kinds {
		if !s.Sees(kind) {
			return kind, true
		}
	}
	return "", false
}

// Unread says that a kind was not visible, and what to do about it.
func Unread(kind graph.Kind) string {
	return fmt.Sprintf("objects of kind %s could not be read; grant the right to list them and scan again", kind)
}
