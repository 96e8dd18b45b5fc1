package helmchart

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	chart "helm.sh/helm/v4/pkg/chart/v2"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// Renderer renders charts.
type Renderer struct {
	values  *Values
	limits  Limits
	decoder *yamldoc.Decoder
}

// NewRenderer makes a renderer; the decoder reads what the templates print.
func NewRenderer(v *Values, l Limits, d *yamldoc.Decoder) *Renderer {
	return &Renderer{values: v, limits: l.WithDefaults(), decoder: d}
}

// Limits are the limits of the renderer.
func (r *Renderer) Limits() Limits { return r.limits }

// Namespace is where objects of a chart go that name no namespace.
func (r *Renderer) Namespace() string { return r.values.o.release().Namespace }

// Render renders the chart that the files make up; where is the path of its
// folder or archive.
func (r *Renderer) Render(ctx context.Context, files []File, where string) yamldoc.Result {
	var result yamldoc.Result
	user, err := r.values.merged()
	var l *loaded
	if err == nil {
		l, err = load(files, r.limits, user)
	}
	if err != nil {
		result.Gaps = append(result.Gaps, chartGap(where, fmt.Errorf("the chart can't be loaded: %w", err)))
		return result
	}
	for _, name := range l.missing {
		result.Gaps = append(result.Gaps, chartGap(where, fmt.Errorf(
			"the dependency %s is not in the charts folder, so its objects were not scanned; run: helm dependency build %s", name, where)))
	}
	if l.chart.Metadata.Type == "library" {
		return result
	}
	r.definitions(ctx, l, &result)
	rendered, err := render(ctx, l, r.values, r.limits)
	if err != nil {
		result.Gaps = append(result.Gaps, chartGap(where, err))
		return result
	}
	r.decode(ctx, rendered, &result)
	return result
}

// chartGap states why a chart was not rendered, at the template if it is known.
func chartGap(where string, err error) graph.Gap {
	gap := graph.Gap{Subject: where, Position: graph.Position{File: where}, Reason: err.Error()}
	var at *renderError
	if errors.As(err, &at) {
		gap.Reason = "the chart can't be rendered: " + at.reason
		if at.position.File != "" {
			gap.Position = at.position
		}
		if at.ofValues {
			gap.Reason += "; if it needs values, give them with --values or --set"
		}
	}
	return gap
}

// definitions reads the crds folders, which Helm installs as they are.
func (r *Renderer) definitions(ctx context.Context, l *loaded, out *yamldoc.Result) {
	// Those of dependencies are among them.
	for _, c := range l.chart.CRDObjects() {
		add(out, r.decoder.Decode(ctx, strings.NewReader(string(c.File.Data)), l.path(c.File)))
	}
}

func add(out *yamldoc.Result, more yamldoc.Result) {
	out.Documents = append(out.Documents, more.Documents...)
	out.Gaps = append(out.Gaps, more.Gaps...)
	out.Others += more.Others
}

// decode reads what the templates printed and moves it to the templates'
// lines.
func (r *Renderer) decode(ctx context.Context, rendered *rendering, out *yamldoc.Result) {
	paths := rendered.loaded.templatePaths()
	var mover yamldoc.Mover
	for _, name := range slices.Sorted(maps.Keys(rendered.texts)) {
		if path.Base(name) == "NOTES.txt" || strings.TrimSpace(rendered.texts[name]) == "" {
			continue
		}
		at := rendered.locator(name, paths[name])
		result := r.decoder.Decode(ctx, strings.NewReader(rendered.texts[name]), paths[name])
		for _, gap := range result.Gaps {
			gap.Position = at.position(gap.Position)
			gap.Reason = "what the template renders: " + gap.Reason
			out.Gaps = append(out.Gaps, gap)
		}
		out.Others += result.Others
		for _, d := range result.Documents {
			if isTest(d.Root()) {
				out.Others++
				continue
			}
			moved, err := mover.Move(d, func(v graph.Value) graph.Position { return at.position(v.Position()) })
			if err != nil {
				out.Gaps = append(out.Gaps, chartGap(paths[name], err))
				continue
			}
			out.Documents = append(out.Documents, moved)
		}
	}
}

// templatePaths is where the file of each template stands, by the name that
// the engine gives it.
func (l *loaded) templatePaths() map[string]string {
	paths := make(map[string]string)
	var visit func(c *chart.Chart)
	visit = func(c *chart.Chart) {
		for _, t := range c.Templates {
			if t != nil {
				paths[path.Join(c.ChartFullPath(), t.Name)] = l.path(t)
			}
		}
		for _, d := range c.Dependencies() {
			visit(d)
		}
	}
	visit(l.chart)
	return paths
}

// isTest tells objects that `helm test` makes and removes again: they are no
// part of what is installed.
func isTest(object graph.Value) bool {
	for hook := range strings.SplitSeq(object.At("metadata", "annotations", "helm.sh/hook").Str(), ",") {
		if hook = strings.TrimSpace(hook); hook == "test" || hook == "test-success" || hook == "test-failure" {
			return true
		}
	}
	return false
}
