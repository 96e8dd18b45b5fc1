package cluster

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"k8s.io/client-go/discovery"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source"
	"github.com/foilsec/foil/internal/source/cluster/decode"
)

// Source is a live cluster as a source.
type Source struct {
	options    Options
	connection connection
}

var _ source.Source = (*Source)(nil)

// New finds the cluster that the options name. It sends no request.
func New(o Options) (*Source, error) {
	c, err := connect(o)
	if err != nil {
		return nil, fmt.Errorf("cluster: %w", err)
	}
	o.Namespaces = slices.Compact(slices.Sorted(slices.Values(o.Namespaces)))
	return &Source{options: o, connection: c}, nil
}

// Context is the name of the kubeconfig context, "in-cluster" for a pod.
func (s *Source) Context() string { return s.connection.context }

// Server is the address of the API server.
func (s *Source) Server() string { return s.connection.config.Host }

// Collect reads the cluster. Objects and gaps reach the builder in no
// particular order.
func (s *Source) Collect(ctx context.Context, b *graph.Builder) error {
	if err := s.collect(ctx, b); err != nil {
		return fmt.Errorf("cluster %s at %s: %w", s.Context(), s.Server(), err)
	}
	return nil
}

func (s *Source) collect(ctx context.Context, b *graph.Builder) error {
	http, err := rest.HTTPClientFor(s.connection.config)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer http.CloseIdleConnections()
	discoverer, err := discovery.NewDiscoveryClientForConfigAndClient(s.connection.config, http)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	config := rest.CopyConfig(s.connection.config)
	config.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	client, err := rest.UnversionedRESTClientForConfigAndClient(config, http)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	resources, gaps, err := discover(ctx, discoverer)
	if err != nil {
		return err
	}
	for _, gap := range gaps {
		b.AddGap(gap)
	}
	c := &collection{source: s, client: client, builder: b, schemas: decode.NewSchemas(scheme.Scheme), namespaces: make(map[string]bool)}
	return c.run(ctx, s.tasks(resources))
}

// task is one list to read.
type task struct {
	resource  resource
	namespace string // empty for all
}

func (s *Source) tasks(resources []resource) []task {
	var tasks []task
	for _, r := range resources {
		if !r.namespaced || len(s.options.Namespaces) == 0 {
			tasks = append(tasks, task{resource: r})
			continue
		}
		for _, namespace := range s.options.Namespaces {
			tasks = append(tasks, task{r, namespace})
		}
	}
	return tasks
}

// collection is one run of Collect.
type collection struct {
	source  *Source
	client  rest.Interface
	builder *graph.Builder
	schemas *decode.Schemas

	mu         sync.Mutex
	listed     int
	firstError error           // of a list that could not be read at all
	namespaces map[string]bool // those that were seen
	allSeen    bool            // whether namespaces has all that there are
}

// run reads the lists with a bounded number of workers.
func (c *collection) run(ctx context.Context, tasks []task) error {
	queue := make(chan task)
	var workers sync.WaitGroup
	for range max(1, c.source.options.Workers) {
		workers.Go(func() { c.work(ctx, queue) })
	}
	for _, t := range tasks {
		queue <- t
	}
	close(queue)
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.listed == 0 && c.firstError != nil {
		return fmt.Errorf("none of %d lists could be read: %w", len(tasks), explain(c.firstError))
	}
	c.checkSelection()
	return nil
}

// work reads lists until there are no more. When the context has ended, the
// rest of the queue is drained.
func (c *collection) work(ctx context.Context, queue <-chan task) {
	l := &lister{
		client: c.client, decoder: decode.NewDecoder(c.schemas), schemas: c.schemas,
		pageSize: c.source.options.PageSize, now: c.source.options.Now,
	}
	for t := range queue {
		if ctx.Err() == nil {
			c.read(ctx, l, t)
		}
	}
}

func (c *collection) read(ctx context.Context, l *lister, t task) {
	objects, err := l.list(ctx, t.resource, t.namespace)
	if err != nil && ctx.Err() != nil {
		return // not a gap: the whole scan ends
	}
	if err != nil && t.resource.isNamespace() && len(c.source.options.Namespaces) > 0 {
		objects, err = c.selectedNamespaces(ctx, l, t.resource, objects, err)
	}
	origin := "kubernetes/" + c.source.Context() + "/" + t.resource.apiVersion() + "/" + t.resource.name
	for _, o := range objects {
		root := o.document.Root()
		c.builder.AddObject(root, root.At("metadata", "namespace").Str(), graph.Provenance{Source: "cluster", Origin: origin, ObservedAt: o.at})
	}
	if err != nil {
		c.builder.AddGap(gapOf(t.resource, t.namespace, err))
	}
	c.record(t, objects, err)
}

func (c *collection) record(t task, objects []observed, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil || len(objects) > 0:
		c.listed++
	case c.firstError == nil:
		c.firstError = fmt.Errorf("%s: %w", t.resource.title(), err)
	}
	if !t.resource.isNamespace() {
		return
	}
	c.allSeen = err == nil
	for _, o := range objects {
		c.namespaces[o.document.Root().At("metadata", "name").Str()] = true
	}
}
