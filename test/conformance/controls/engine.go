package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/foilsec/foil/content"
	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/rule/control"
	"github.com/foilsec/foil/internal/source/manifest"
)

// engine judges cases with everything that a scan has.
type engine struct {
	content *pipeline.Content
	// analyzers by the settings that they were compiled with.
	analyzers map[string][]analyze.Analyzer
	// rules lists the foil rules of each alias.
	rules map[string][]finding.Rule
}

func newEngine() (*engine, error) {
	loaded, err := pipeline.LoadContent(content.Files(), nil, nil)
	if err != nil {
		return nil, err
	}
	e := &engine{content: loaded, analyzers: make(map[string][]analyze.Analyzer), rules: make(map[string][]finding.Rule)}
	if _, _, err := e.prepare(nil, nil); err != nil {
		return nil, err
	}
	for _, rule := range loaded.Rules {
		for _, alias := range rule.Aliases {
			e.rules[alias] = append(e.rules[alias], rule)
		}
	}
	return e, nil
}

// prepare compiles the analyzers for the settings that a case gives. With
// settings of its own only the controls of the case are compiled.
func (e *engine) prepare(own map[string][]string, aliases []string) ([]analyze.Analyzer, control.Settings, error) {
	settings, err := e.content.Settings.Merge(own)
	if err != nil {
		return nil, nil, err
	}
	key := settingsKey(own)
	if key != "" {
		key += strings.Join(aliases, ",")
	}
	if ready, ok := e.analyzers[key]; ok {
		return ready, settings, nil
	}
	c := *e.content
	c.Settings = settings
	if len(own) > 0 {
		c.Controls.Policies = policiesOf(c.Controls.Policies, aliases)
	}
	list, err := pipeline.Analyzers(&c, pipeline.AnalyzerOptions{Workers: 1})
	if err != nil {
		return nil, nil, err
	}
	if len(own) == 0 {
		e.content.Rules = c.Rules
	}
	e.analyzers[key] = list
	return list, settings, nil
}

func settingsKey(own map[string][]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(own)) {
		fmt.Fprintf(&b, "%s=%q;", name, own[name])
	}
	return b.String()
}

func policiesOf(all []control.Policy, aliases []string) []control.Policy {
	return slices.DeleteFunc(slices.Clone(all), func(p control.Policy) bool {
		return !slices.ContainsFunc(p.Aliases, func(alias string) bool { return slices.Contains(aliases, alias) })
	})
}

// verdict is what the analyzers said about one case.
type verdict struct {
	snapshot *graph.Snapshot
	findings []finding.Finding
	// unjudged lists rules that gave no verdict, with the reason.
	unjudged map[string]string
}

// judge runs every analyzer over the inputs of a case.
func (e *engine) judge(ctx context.Context, c *testCase) (*verdict, error) {
	analyzers, settings, err := e.prepare(c.ControlInputs, c.Controls)
	if err != nil {
		return nil, err
	}
	v := &verdict{unjudged: make(map[string]string)}
	if v.snapshot, err = load(ctx, c); err != nil {
		return nil, err
	}
	facts := &analyze.Facts{Snapshot: v.snapshot, Settings: settings}
	for _, a := range analyzers {
		if err := a.Analyze(ctx, facts, v); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// load reads the inputs as one stream, one line for each, so that the line of
// a node tells its input.
func load(ctx context.Context, c *testCase) (*graph.Snapshot, error) {
	var stream bytes.Buffer
	for _, input := range c.Inputs {
		stream.Write(input)
		stream.WriteString("\n---\n")
	}
	b := &graph.Builder{}
	options := manifest.Options{Paths: []string{manifest.StdinPath}, Stdin: &stream, Workers: 1}
	if err := manifest.New(options).Collect(ctx, b); err != nil {
		return nil, err
	}
	return b.Snapshot(), nil
}

// inputOf is the number of the input that a node was read from.
func (v *verdict) inputOf(id graph.NodeID) (int, bool) {
	n, ok := v.snapshot.Node(id)
	if !ok {
		return 0, false
	}
	return (n.Provenance.Position.Line - 1) / 2, true
}

// Finding implements analyze.Sink.
func (v *verdict) Finding(f finding.Finding) { v.findings = append(v.findings, f) }

// Rule implements analyze.Sink.
func (v *verdict) Rule(finding.Rule) {}

// Evaluated implements analyze.Sink.
func (v *verdict) Evaluated(string, int) {}

// NotEvaluated implements analyze.Sink.
func (v *verdict) NotEvaluated(rule string, _ graph.NodeID, reason string) { v.unjudged[rule] = reason }
