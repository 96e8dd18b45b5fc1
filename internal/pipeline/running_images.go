package pipeline

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source"
)

// ReadImage reads one image, named as a pod names it, with the digest that
// runs where it is known.
type ReadImage func(ctx context.Context, reference string) (*artifact.Artifact, error)

// RunningImages is a source and the images of the workloads that it holds.
type RunningImages struct {
	Source   source.Source
	Read     ReadImage
	Workers  int                   // images at a time; 0 means 2
	Progress func(done, total int) // may be nil
	Now      time.Time
}

// Collect implements source.Source. An image that can't be read is a gap.
func (r RunningImages) Collect(ctx context.Context, b *graph.Builder) error {
	if err := r.Source.Collect(ctx, b); err != nil {
		return err
	}
	references := imagesOf(b.Snapshot())
	queue := make(chan string)
	var workers sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range cmp.Or(r.Workers, 2) {
		workers.Go(func() {
			for reference := range queue {
				r.image(ctx, reference, b)
				mu.Lock()
				done++
				if r.Progress != nil {
					r.Progress(done, len(references))
				}
				mu.Unlock()
			}
		})
	}
	for _, reference := range references {
		queue <- reference
	}
	close(queue)
	workers.Wait()
	return ctx.Err()
}

func (r RunningImages) image(ctx context.Context, reference string, b *graph.Builder) {
	if ctx.Err() != nil {
		return
	}
	a, err := r.Read(ctx, reference)
	if err != nil {
		b.AddGap(graph.Gap{Subject: "image " + reference, Reason: err.Error()})
		return
	}
	a.Reference = reference
	if err := artifact.Add(b, a, graph.Provenance{Source: "image", Origin: reference, ObservedAt: r.Now}); err != nil {
		b.AddGap(graph.Gap{Subject: "image " + reference, Reason: err.Error()})
	}
}

// imagesOf lists the images of all workloads, by what runs where a pod says it:
// a template without running pods, and files, name what they ask for.
func imagesOf(s *graph.Snapshot) []string {
	running, asked := map[string]bool{}, map[string]bool{}
	covered := map[string]bool{} // references that some pod resolved
	for v := range workload.All(s) {
		for _, list := range []string{"containerStatuses", "initContainerStatuses"} {
			for _, status := range v.Node.Object.At("status", list).Items() {
				if digest := artifact.Digest(status.Get("imageID").Str()); digest != "" {
					running[withDigest(status.Get("image").Str(), digest)] = true
					covered[artifact.CanonicalReference(status.Get("image").Str())] = true
				}
			}
		}
		for c := range v.Containers() {
			if image := c.Get("image").Str(); image != "" {
				asked[image] = true
			}
		}
	}
	for image := range asked {
		if !covered[artifact.CanonicalReference(image)] {
			running[image] = true
		}
	}
	return slices.Sorted(maps.Keys(running))
}

func withDigest(reference, digest string) string {
	if artifact.Digest(reference) != "" {
		return reference
	}
	return reference + "@" + digest
}
