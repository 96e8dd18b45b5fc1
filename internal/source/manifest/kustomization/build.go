package kustomization

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/tree"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// Builder builds Kustomize roots within a boundary.
type Builder struct {
	boundary *tree.Tree
	limits   Limits
	display  func(string) string
}

// NewBuilder makes a builder. Nothing beyond the boundary is read; display
// makes the path that users are told of an absolute one.
func NewBuilder(boundary *tree.Tree, l Limits, display func(string) string) *Builder {
	return &Builder{boundary: boundary, limits: l.WithDefaults(), display: display}
}

// running lets one build run at a time in the whole process: the library keeps
// the schema of Kubernetes, which a kustomization may replace, in a variable of
// its own.
var running = make(chan struct{}, 1)

// maxTime is how long a build may take, waiting for others not counted.
const maxTime = time.Minute

// Build builds the root in a folder, given by its absolute path.
func (b *Builder) Build(ctx context.Context, dir string) yamldoc.Result {
	s := &sanitizer{
		ctx: ctx, disk: newDisk(b.boundary, b.limits), root: dir, display: b.display,
		files: make(map[string]*file), documents: make(map[string][]*graph.Document),
	}
	s.disk.rewrite = s.rewrite
	built, err := b.run(ctx, s, dir)
	if errors.Is(err, errAbandoned) {
		// The library may still be at work on all that s holds.
		return yamldoc.Result{Gaps: []graph.Gap{b.gap(dir, err)}}
	}
	if err != nil {
		return yamldoc.Result{Gaps: append(s.gaps, b.gap(dir, cmp.Or(s.refusal, err)))}
	}
	return b.result(s, built)
}

var errAbandoned = errors.New("given up")

type outcome struct {
	resources resmap.ResMap
	err       error
}

// run has the library build. It can't be told to stop; if it does not come to
// an end it is left behind, and no other build can follow.
func (b *Builder) run(ctx context.Context, s *sanitizer, dir string) (resmap.ResMap, error) {
	select {
	case running <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", errAbandoned, ctx.Err())
	case <-time.After(2 * maxTime):
		return nil, fmt.Errorf("%w: another kustomization does not come to an end", errAbandoned)
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() { <-running }()
		done <- runLibrary(s.disk, dir)
	}()
	select {
	case out := <-done:
		return out.resources, out.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", errAbandoned, ctx.Err())
	case <-time.After(maxTime):
		return nil, fmt.Errorf("%w: it takes longer than %v", errAbandoned, maxTime)
	}
}

func runLibrary(d *disk, dir string) (out outcome) {
	defer func() {
		if cause := recover(); cause != nil {
			out = outcome{err: fmt.Errorf("the library failed: %v", cause)}
		}
	}()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(d, dir)
	return outcome{resources, err}
}

// gap states why a root was not built.
func (b *Builder) gap(dir string, err error) graph.Gap {
	where := b.display(dir)
	gap := graph.Gap{Subject: where, Position: graph.Position{File: where}, Reason: "the kustomization can't be built: "}
	var placed *placedError
	if errors.As(err, &placed) {
		gap.Position = placed.position
		gap.Reason += placed.reason
		return gap
	}
	gap.Reason += b.relative(err.Error())
	return gap
}

// relative replaces absolute paths in a message by those that users know.
func (b *Builder) relative(message string) string {
	top := b.boundary.Real()
	message = strings.ReplaceAll(message, top+string(filepath.Separator), joinEnd(b.display(top)))
	return strings.ReplaceAll(strings.TrimSpace(message), "\n", "; ")
}

func joinEnd(dir string) string {
	if dir == "." {
		return ""
	}
	return dir + "/"
}

// result turns resources into documents with positions.
func (b *Builder) result(s *sanitizer, built resmap.ResMap) yamldoc.Result {
	result := yamldoc.Result{Gaps: s.gaps}
	patches := s.patches()
	var mover yamldoc.Mover
	for _, r := range built.Resources() {
		d, err := b.document(s, r, patches, &mover)
		if err != nil {
			result.Gaps = append(result.Gaps, b.gap(s.root, fmt.Errorf("%s: %w", r.CurId(), err)))
			continue
		}
		result.Documents = append(result.Documents, d)
	}
	return result
}

func (b *Builder) document(s *sanitizer, r *resource.Resource, patches []patch, mover *yamldoc.Mover) (*graph.Document, error) {
	origin, err := r.GetOrigin()
	if err != nil {
		return nil, err
	}
	if err := r.SetOrigin(nil); err != nil {
		return nil, err
	}
	text, err := r.MarshalJSON()
	if err != nil {
		return nil, err
	}
	decoded := s.decode(text, "")
	if len(decoded.Documents) != 1 {
		return nil, errors.New("the result can't be read")
	}
	p := s.placer(r, origin, patches)
	p.value(decoded.Documents[0].Root(), p.sources, "", p.fallback)
	return mover.Move(decoded.Documents[0], func(v graph.Value) graph.Position { return p.positions[v] })
}
