package eol

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/derive/workload"
	feed "github.com/foilsec/foil/internal/feed/eol"
	"github.com/foilsec/foil/internal/graph"
)

// Options are what the analyzer needs.
type Options struct {
	Data *feed.DB
	// Unavailable says why there is no data, when Data is nil.
	Unavailable error
	Now         time.Time
	// Lookahead is how long before its end support is reported; 0 means 90 days.
	Lookahead time.Duration
}

const (
	defaultLookahead = 90 * 24 * time.Hour
	// oldest is how old the data may be: by then most products have had a
	// release that it does not know.
	oldest = 365 * 24 * time.Hour
)

// Analyzer judges the support of software.
type Analyzer struct {
	options Options
	today   feed.Day
	ahead   feed.Day // the last day of the lookahead
}

var _ analyze.Analyzer = (*Analyzer)(nil)

// New makes the analyzer.
func New(o Options) *Analyzer {
	lookahead := cmp.Or(o.Lookahead, defaultLookahead)
	return &Analyzer{options: o, today: feed.DayOf(o.Now), ahead: feed.DayOf(o.Now.Add(lookahead))}
}

// Analyze implements analyze.Analyzer.
func (a *Analyzer) Analyze(ctx context.Context, facts *analyze.Facts, sink analyze.Sink) error {
	if a.options.Data == nil {
		a.silent(sink, fmt.Sprintf("there is no end-of-life data (%v); import it with foil db", a.options.Unavailable))
		return nil
	}
	r := &run{Analyzer: a, db: a.options.Data, snapshot: facts.Snapshot}
	for image, err := range artifact.Load(facts.Snapshot) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil { // a node that can't be read is a gap already
			r.report(r.artifact(image), sink)
		}
	}
	for v := range workload.NewIndex(facts.Snapshot).Top() {
		r.report(r.workload(v), sink)
	}
	for n := range facts.Snapshot.OfKind(nodeKind) {
		r.report(r.node(n), sink)
	}
	for f := range build.All(facts.Snapshot) {
		r.report(r.recipe(f), sink)
	}
	a.finish(r, sink)
	return ctx.Err()
}

// finish counts what was judged, and says when the data can't be relied on.
func (a *Analyzer) finish(r *run, sink analyze.Sink) {
	for _, rule := range []string{Ended, Extended, Soon} {
		sink.Evaluated(rule, r.judged)
	}
	if r.err != nil {
		a.silent(sink, r.err.Error())
		return
	}
	stamp, err := a.options.Data.Stamp()
	if err != nil {
		a.silent(sink, err.Error())
		return
	}
	if made := stamp.MadeAt(); r.judged > 0 && !made.IsZero() && a.options.Now.Sub(made) > oldest {
		a.silent(sink, fmt.Sprintf("the end-of-life data is of %s and does not know newer releases; update it with foil db", made.Format(time.DateOnly)))
	}
}

func (a *Analyzer) silent(sink analyze.Sink, reason string) {
	for _, rule := range []string{Ended, Extended, Soon} {
		sink.NotEvaluated(rule, "", reason)
	}
}

// run is one run over a snapshot.
type run struct {
	*Analyzer
	db       *feed.DB
	snapshot *graph.Snapshot
	judged   int
	err      error // the first that the data gave
}

// failed keeps the first error of the data and reports whether there is one.
func (r *run) failed(err error) bool {
	if err != nil && r.err == nil {
		r.err = err
	}
	return err != nil
}
