package pipeline_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/foilsec/foil/content"
	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/json"
	"github.com/foilsec/foil/internal/source/manifest"
	"github.com/foilsec/foil/internal/threat"
)

// shop is the example that everything is tried on.
const shop = "../../examples/burrito-shop"

var now = time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC)

// request is one scan of files with what differs from the default.
type request struct {
	paths    []string
	controls []string
	workers  int
	change   func(o *pipeline.ScanOptions)
}

// knowledge is what scans go by.
type knowledge struct {
	content   *pipeline.Content
	analyzers []analyze.Analyzer
	err       error
}

func know(controls []string, workers int) (k knowledge) {
	if k.content, k.err = pipeline.LoadContent(content.Files(), controls, nil); k.err == nil {
		k.analyzers, k.err = pipeline.Analyzers(k.content, pipeline.AnalyzerOptions{Workers: workers})
	}
	return k
}

// embedded is what scans go by when nothing else is said, compiled once.
var embedded = sync.OnceValue(func() knowledge { return know(nil, 0) })

func scan(t testing.TB, r request) *report.Report {
	t.Helper()
	k := embedded
	if len(r.controls) > 0 || r.workers > 0 {
		k = func() knowledge { return know(r.controls, r.workers) }
	}
	known := k()
	if known.err != nil {
		t.Fatal(known.err)
	}
	matrix, err := threat.Load()
	if err != nil {
		t.Fatal(err)
	}
	o := pipeline.ScanOptions{
		Source: manifest.New(manifest.Options{Paths: r.paths, Workers: r.workers}), Target: report.Target{Kind: "files"},
		Content: known.content, Analyzers: known.analyzers, Matrix: matrix, Now: now,
	}
	if r.change != nil {
		r.change(&o)
	}
	result, err := pipeline.Scan(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return result.Report
}

// written is a report as the bytes that programs read.
func written(t testing.TB, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Write(&b, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// folder makes a folder of files.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// found lists the findings without their places, the most urgent first.
func found(r *report.Report) []string {
	lines := make([]string, len(r.Findings))
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Evidence = slices.Clone(f.Evidence)
		for j := range f.Evidence {
			f.Evidence[j].Position = graph.Position{}
		}
		lines[i] = fmt.Sprint(f.Fingerprint, " ", f.Rule, " ", f.Node, " ", f.State, " ", f.Score, " ", f.Change, " ", f.Evidence, " ", f.Fixes, " ", f.Reasons)
	}
	return lines
}

// difference shows the first line in which two lists differ.
func difference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("line %d\n\t%s\nwant\n\t%s", i+1, got[i], want[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(got), len(want))
}

// rulesOn lists the rules that a node breaks.
func rulesOn(r *report.Report, node graph.NodeID) []string {
	var rules []string
	for _, f := range r.Findings {
		if f.Node == node {
			rules = append(rules, f.Rule)
		}
	}
	slices.Sort(rules)
	return rules
}

// privileged is a pod with one grave fault.
func privileged(name string) string {
	return strings.ReplaceAll(`
apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: shop}
spec:
  containers:
  - {name: c, image: "registry.example/a@sha256:0000000000000000000000000000000000000000000000000000000000000000", securityContext: {privileged: true}}
`, "NAME", name)
}
