package helmchart

import (
	"context"
	"fmt"
	"maps"
	"path"
	"regexp"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	commonutil "helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/engine"

	"github.com/foilsec/foil/internal/graph"
)

// rendering is a chart that was rendered: the text of each template file, and
// the trace that tells where its lines come from.
type rendering struct {
	loaded *loaded
	texts  map[string]string
	trace  *tracer
}

// renderError is a chart that can't be rendered, and where.
type renderError struct {
	position graph.Position
	reason   string
	// ofValues is set when other values may help.
	ofValues bool
}

func (e *renderError) Error() string { return e.reason }

// render renders a chart twice: traced, and as it is.
func render(ctx context.Context, l *loaded, v *Values, limits Limits) (*rendering, error) {
	trace := newTracer(newBudget(ctx, limits))
	if err := l.traced(ctx, v, trace); err != nil {
		return nil, err
	}
	r := &rendering{loaded: l, trace: trace}
	// What the traced run consumed, this run consumes again, and no more.
	texts, err := l.run(ctx, v, functions(newBudget(ctx, limits)))
	if err != nil {
		return nil, &renderError{reason: err.Error()}
	}
	r.texts = texts
	return r, nil
}

// traced renders the chart with its templates rewritten.
func (l *loaded) traced(ctx context.Context, v *Values, trace *tracer) error {
	originals := make(map[*common.File][]byte)
	defer func() {
		for file, data := range originals {
			file.Data = data
		}
	}()
	err := allTemplates(l.chart, make(map[*common.File]bool), func(f *common.File) error {
		rewritten, err := instrument(trace, l.templateName(f), string(f.Data), int(f.ModTime.Unix()))
		if err != nil {
			return l.syntaxError(f, err)
		}
		originals[f], f.Data = f.Data, []byte(rewritten)
		return nil
	})
	if err != nil {
		return err
	}
	all := functions(trace.budget)
	maps.Copy(all, trace.hooks())
	if _, err := l.run(ctx, v, all); err != nil {
		return l.executionError(trace, err)
	}
	return nil
}

// run renders the templates as they are now. Values are made anew for each
// run, because templates can change them.
func (l *loaded) run(ctx context.Context, v *Values, functions map[string]any) (map[string]string, error) {
	user, err := v.merged()
	if err != nil {
		return nil, err
	}
	capabilities, err := v.o.capabilities()
	if err != nil {
		return nil, fmt.Errorf("kubernetes version %q: %w", v.o.KubeVersion, err)
	}
	// The schema of the values is not checked: it may refer to other files by
	// URL, and wrong values show in the result.
	values, err := commonutil.ToRenderValuesWithSchemaValidation(l.chart, user, v.o.release(), capabilities, true)
	if err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	return engine.Engine{CustomTemplateFuncs: functions}.RenderWithContext(ctx, l.chart, values)
}

// templateName is the name by which a file is known in error messages of the
// parser.
func (l *loaded) templateName(f *common.File) string { return path.Base(l.path(f)) }

var parserPosition = regexp.MustCompile(`^template: [^:]*:(\d+):(?:\d+:)? (.*)$`)

func (l *loaded) syntaxError(f *common.File, err error) error {
	e := &renderError{position: graph.Position{File: l.path(f)}, reason: "the template is broken: " + err.Error()}
	if m := parserPosition.FindStringSubmatch(err.Error()); m != nil {
		_, _ = fmt.Sscanf(m[1], "%d", &e.position.Line)
		e.reason = "the template is broken: " + m[2]
	}
	return e
}

// executionError places an error of the engine, which knows only the rewritten
// templates, at what was printed last.
func (l *loaded) executionError(trace *tracer, err error) error {
	e := &renderError{reason: engineReason(err), ofValues: trace.at >= 0}
	if trace.budget.err != nil {
		e.reason, e.ofValues = trace.budget.err.Error(), false
	}
	if trace.at >= 0 {
		at := trace.places[trace.at]
		e.position = graph.Position{File: l.files[at.file].Path, Line: at.line}
	}
	return e
}

var (
	engineLocation = regexp.MustCompile(`^(?:execution|parse) error (?:at|in) \([^)]*\): `)
	engineTrace    = regexp.MustCompile(`(?s)^.*>:\s*`)
)

// engineReason takes the places in rewritten templates out of an error of the
// engine; what remains is the cause.
func engineReason(err error) string {
	text := err.Error()
	if loc := engineLocation.FindStringIndex(text); loc != nil {
		return text[loc[1]:]
	}
	if cause := strings.TrimSpace(engineTrace.ReplaceAllString(text, "")); cause != "" {
		return strings.ReplaceAll(cause, "\n", " ")
	}
	return text
}
