package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
)

// TestMemoChangesNothing judges objects one by one, where nothing is remembered
// from one to the next, and all together with two copies of each that stand
// elsewhere. Every copy must get the findings of its original, at its own place.
func TestMemoChangesNothing(t *testing.T) {
	set := compiled(t, library(t), settings(t))
	originals := fixtures(t)
	want := map[string]int{}
	errors := 0
	for _, o := range originals {
		r := run(t, New(set, 1, nil), snapshotOf(o))
		for _, f := range r.findings {
			want[place(f, 0)]++
		}
		errors += len(r.errors)
	}
	if len(want) < 1000 {
		t.Fatalf("only %d findings to compare", len(want))
	}
	var b graph.Builder
	const copies, shift = 3, 100_000
	for i := range copies {
		for _, o := range originals {
			moved := movedBy(t, o, i*shift)
			b.AddObject(moved, o.At("metadata", "namespace").Str(), graph.Provenance{Origin: fmt.Sprint(i, o.Position().File), Position: moved.Position()})
		}
	}
	for _, workers := range []int{1, 4} {
		r := run(t, New(set, workers, nil), b.Snapshot())
		if len(r.errors) != copies*errors {
			t.Errorf("%d verdicts missing, want %d", len(r.errors), copies*errors)
		}
		got := make([]map[string]int, copies)
		for i := range got {
			got[i] = map[string]int{}
		}
		for _, f := range r.findings {
			i := f.Evidence[0].Position.Line / shift
			got[i][place(f, i*shift)]++
		}
		for i := range got {
			if !maps.Equal(got[i], want) {
				t.Errorf("%d workers, copy %d: %s", workers, i, firstDifference(got[i], want))
			}
		}
	}
}

// place is a finding without what tells copies apart.
func place(f finding.Finding, shift int) string {
	f.Fingerprint = ""
	id, _, _ := strings.Cut(string(f.Node), "@")
	f.Node = graph.NodeID(id)
	f.Evidence = slices.Clone(f.Evidence)
	for i := range f.Evidence {
		f.Evidence[i].Position.Line -= shift
	}
	return fmt.Sprintf("%+v", f)
}

func firstDifference(got, want map[string]int) string {
	for _, line := range slices.Sorted(maps.Keys(want)) {
		if got[line] != want[line] {
			return fmt.Sprintf("%d times %s, want %d times", got[line], line, want[line])
		}
	}
	for _, line := range slices.Sorted(maps.Keys(got)) {
		if want[line] == 0 {
			return "unexpected " + line
		}
	}
	return "the same"
}

// movedBy is the same object so many lines further down.
func movedBy(t *testing.T, v graph.Value, lines int) graph.Value {
	t.Helper()
	var b graph.DocumentBuilder
	addMoved(&b, "", v, lines)
	d, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return d.Root()
}

func addMoved(b *graph.DocumentBuilder, key string, v graph.Value, lines int) {
	at := v.Position()
	at.Line += lines
	switch v.Kind() {
	case graph.Map:
		b.OpenMap(key, at)
		for name, field := range v.Fields() {
			addMoved(b, name, field, lines)
		}
		b.Close()
	case graph.List:
		b.OpenList(key, at)
		for _, item := range v.Items() {
			addMoved(b, "", item, lines)
		}
		b.Close()
	case graph.String:
		b.String(key, v.Str(), at)
	case graph.Int:
		n, _ := v.Int()
		b.Int(key, n, at)
	case graph.Float:
		f, _ := v.Float()
		b.Float(key, f, at)
	case graph.Bool:
		b.Bool(key, v.True(), at)
	default:
		b.Null(key, at)
	}
}

// TestMemoKeepsNamespacesApart has one pod spec in two namespaces that a policy
// tells apart: what the memo shares must depend on the shared part only.
func TestMemoKeepsNamespacesApart(t *testing.T) {
	set := compiled(t, parsed(t, policy("namespaced", `namespaceObject.metadata.labels['stage'] != 'live' || !object.spec.?hostPID.orValue(false)`)), nil)
	s := snapshotOf(documents(t, "f.yaml", `
{apiVersion: v1, kind: Namespace, metadata: {name: live, labels: {stage: live}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: test, labels: {stage: test}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: live}, spec: {hostPID: true}}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: test}, spec: {hostPID: true}}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: unknown}, spec: {hostPID: true}}
`)...)
	r := run(t, New(set, 1, nil), s)
	if len(r.findings) != 1 || r.findings[0].Node != "k8s:Pod:live/a" {
		t.Errorf("findings %+v", r.findings)
	}
	if len(r.errors) != 1 || !strings.HasPrefix(r.errors[0], "namespaced k8s:Pod:unknown/a") {
		t.Errorf("not evaluated: %q", r.errors)
	}
	if r.evaluated["namespaced"] != 2 {
		t.Errorf("evaluated %v", r.evaluated)
	}
}
