package config

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/foilsec/foil/content"
	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// record is a sink that keeps everything as lines of text.
type record struct {
	mu        sync.Mutex
	findings  []finding.Finding
	evaluated map[string]int
	errors    []string
}

func (r *record) Finding(f finding.Finding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.findings = append(r.findings, f)
}

func (r *record) Rule(finding.Rule) {}

func (r *record) Evaluated(rule string, nodes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.evaluated == nil {
		r.evaluated = map[string]int{}
	}
	r.evaluated[rule] += nodes
}

func (r *record) NotEvaluated(rule string, node graph.NodeID, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errors = append(r.errors, fmt.Sprint(rule, " ", node, " ", reason))
}

// String is all that was recorded, in an order of its own.
func (r *record) String() string {
	var lines []string
	for _, f := range r.findings {
		line, err := json.Marshal(f)
		if err != nil {
			return err.Error()
		}
		lines = append(lines, string(line))
	}
	for rule, n := range r.evaluated {
		lines = append(lines, fmt.Sprint("evaluated ", rule, " ", n))
	}
	lines = append(lines, r.errors...)
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// library is the embedded one.
func library(t testing.TB) control.Library {
	t.Helper()
	var files []control.File
	err := fs.WalkDir(content.Files(), "controls", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := fs.ReadFile(content.Files(), path)
		files = append(files, control.File{Name: path, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, files...)
}

func parsed(t testing.TB, files ...control.File) control.Library {
	t.Helper()
	l, err := control.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func settings(t testing.TB) control.Settings {
	t.Helper()
	data, err := fs.ReadFile(content.Files(), "settings.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := control.ParseSettings(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func compiled(t testing.TB, l control.Library, s control.Settings) *control.Set {
	t.Helper()
	set, err := control.Compile(l, s)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// run runs an analyzer over a snapshot.
func run(t testing.TB, a *Analyzer, s *graph.Snapshot) *record {
	t.Helper()
	r := &record{}
	if err := a.Analyze(context.Background(), &analyze.Facts{Snapshot: s}, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// documents reads YAML text as if it stood in a file of that name.
func documents(t testing.TB, file, text string) []graph.Value {
	t.Helper()
	list, gaps := yamldoc.DecodeBytes(context.Background(), []byte(text), file, yamldoc.DefaultLimits())
	if len(gaps) > 0 {
		t.Fatalf("%s: %+v", file, gaps)
	}
	values := make([]graph.Value, len(list))
	for i, d := range list {
		values[i] = d.Root()
	}
	return values
}

// snapshotOf holds objects where their metadata puts them.
func snapshotOf(objects ...graph.Value) *graph.Snapshot {
	var b graph.Builder
	for _, o := range objects {
		b.AddObject(o, o.At("metadata", "namespace").Str(), graph.Provenance{Origin: o.Position().File, Position: o.Position()})
	}
	return b.Snapshot()
}

// fixtures are the objects on which the tests of the content try the controls:
// over a thousand, with many that differ in one field.
func fixtures(t testing.TB) []graph.Value {
	t.Helper()
	files, err := filepath.Glob("../../../content/testdata/controls/*.yaml")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files with fixtures, error %v", len(files), err)
	}
	var objects []graph.Value
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, documents(t, filepath.Base(file), string(data))...)
	}
	return objects
}
