package manifest

import (
	"context"
	"sync"
	"sync/atomic"
)

// task reads one file, chart or Kustomize root.
type task func(ctx context.Context) batch

// run carries out the tasks on the workers. The batches are in the order of
// the tasks.
func (s *Source) run(ctx context.Context, tasks []task) ([]batch, error) {
	batches := make([]batch, len(tasks))
	progress := s.progress(len(tasks))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(s.options.Workers, len(tasks)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(tasks) && ctx.Err() == nil; i = next.Add(1) - 1 {
				batches[i] = tasks[i](ctx)
				progress()
			}
		})
	}
	workers.Wait()
	return batches, ctx.Err()
}

// progress makes the function that tells the user that one more is read.
func (s *Source) progress(total int) func() {
	if s.options.Progress == nil {
		return func() {}
	}
	var mu sync.Mutex
	done := 0
	return func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		s.options.Progress(done, total)
	}
}
