package manifest

import (
	"context"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source"
	"github.com/foilsec/foil/internal/source/manifest/helmchart"
)

// Source reads manifests. It is used once.
type Source struct {
	options Options
	reader  *reader
	charts  *charts
	summary Summary
}

var _ source.Source = (*Source)(nil)

// Summary counts what a source read.
type Summary struct {
	// Read is how many files, charts and Kustomize roots were read.
	Read int
	// Objects is how many Kubernetes objects were found.
	Objects int
	// Others is how many documents were no Kubernetes objects.
	Others int
	// OtherNamespaces is how many objects were left out by the selected
	// namespace.
	OtherNamespaces int
}

// New makes a source.
func New(o Options) *Source {
	o = o.withDefaults()
	return &Source{options: o, reader: newReader(o)}
}

// Summary tells what [Source.Collect] read.
func (s *Source) Summary() Summary { return s.summary }

// Collect reads all paths into the builder. It fails when the context is done
// or none of the paths exists.
func (s *Source) Collect(ctx context.Context, b *graph.Builder) error {
	if err := s.prepareCharts(); err != nil {
		return err
	}
	p, err := s.plan(ctx)
	defer p.close()
	if err != nil {
		return err
	}
	batches, err := s.run(ctx, p.tasks)
	if err != nil {
		return err
	}
	s.deliver(b, p.gaps, batches)
	return nil
}

// prepareCharts reads the values of the options: a mistake in them is the
// user's and must not look like one of each chart.
func (s *Source) prepareCharts() error {
	values, err := helmchart.ReadValues(s.options.Helm)
	if err != nil {
		return err
	}
	s.charts = &charts{helmchart.NewRenderer(values, s.options.Limits.Chart, s.reader.explicit)}
	return nil
}

// provenanceSource is the name of this room in provenance.
const provenanceSource = "manifest"

// deliver hands over what was read, in the order of the plan. It waits until
// everything is read because a definition in the last file decides about the
// namespace of an object in the first.
func (s *Source) deliver(b *graph.Builder, gaps []graph.Gap, batches []batch) {
	var known scopes
	for _, batch := range batches {
		for _, d := range batch.documents {
			known.learn(d.Root())
		}
	}
	for _, gap := range gaps {
		b.AddGap(gap)
	}
	now := s.options.Clock()
	for _, batch := range batches {
		for _, gap := range batch.gaps {
			b.AddGap(gap)
		}
		s.summary.Read++
		s.summary.Others += batch.others
		for _, d := range batch.documents {
			s.object(b, d.Root(), &known, batch, graph.Provenance{
				Source: provenanceSource, Origin: batch.origin, Position: d.Root().Position(), ObservedAt: now,
			})
		}
	}
}

func (s *Source) object(b *graph.Builder, object graph.Value, known *scopes, from batch, p graph.Provenance) {
	if !isClusterObject(object) {
		s.summary.Others++
		return
	}
	absent := "default"
	switch {
	case from.namespace != "":
		absent = from.namespace
	case s.options.Namespace != "":
		absent = s.options.Namespace
	}
	namespace := known.namespace(object, absent)
	if want := s.options.Namespace; want != "" && namespace != "" && namespace != want {
		s.summary.OtherNamespaces++
		return
	}
	s.summary.Objects++
	b.AddObject(object, namespace, p)
}

// isClusterObject tells objects of a cluster from files that only look like
// one: the settings of kubectl and of Kustomize.
func isClusterObject(object graph.Value) bool {
	group, _ := graph.SplitAPIVersion(object.Get("apiVersion").Str())
	switch group {
	case "kustomize.config.k8s.io":
		return false
	case "":
		return object.Get("kind").Str() != "Config"
	}
	return true
}
