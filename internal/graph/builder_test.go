package graph

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

func objectOf(t testing.TB, apiVersion, kind string, metadata fields) Value {
	t.Helper()
	return valueOf(t, fields{{"apiVersion", apiVersion}, {"kind", kind}, {"metadata", metadata}})
}

func TestAddObject(t *testing.T) {
	for name, test := range map[string]struct {
		object    Value
		namespace string
		want      NodeID
	}{
		"core":          {objectOf(t, "v1", "Pod", fields{{"name", "a"}}), "shop", "k8s:Pod:shop/a"},
		"group":         {objectOf(t, "apps/v1", "Deployment", fields{{"name", "a"}}), "shop", "k8s:apps/Deployment:shop/a"},
		"old version":   {objectOf(t, "batch/v1beta1", "CronJob", fields{{"name", "a"}}), "shop", "k8s:batch/CronJob:shop/a"},
		"new version":   {objectOf(t, "batch/v1", "CronJob", fields{{"name", "a"}}), "shop", "k8s:batch/CronJob:shop/a"},
		"cluster":       {objectOf(t, "v1", "Node", fields{{"name", "a"}}), "", "k8s:Node:a"},
		"generated":     {objectOf(t, "batch/v1", "Job", fields{{"generateName", "report-"}}), "shop", "k8s:batch/Job:shop/report-*"},
		"named anyway":  {objectOf(t, "v1", "Pod", fields{{"generateName", "b-"}, {"name", "b-x"}}), "shop", "k8s:Pod:shop/b-x"},
		"without name":  {objectOf(t, "v1", "Pod", fields{}), "shop", "k8s:Pod:shop/"},
		"name a number": {objectOf(t, "v1", "Pod", fields{{"name", 7}}), "shop", "k8s:Pod:shop/"},
		"odd version":   {objectOf(t, "a/b/c", "Pod", fields{{"name", "x"}}), "shop", "k8s:a%2Fb/Pod:shop/x"},
	} {
		t.Run(name, func(t *testing.T) {
			var b Builder
			id := b.AddObject(test.object, test.namespace, Provenance{Origin: "shop.yaml"})
			if id != test.want {
				t.Fatalf("identity %q, want %q", id, test.want)
			}
			n, ok := b.Snapshot().Node(id)
			if !ok || n.Namespace != test.namespace || n.Object != test.object || n.Provenance.Origin != "shop.yaml" {
				t.Errorf("node %+v, %t", n, ok)
			}
		})
	}
}

func TestSplitAPIVersion(t *testing.T) {
	for text, want := range map[string][2]string{
		"v1": {"", "v1"}, "apps/v1": {"apps", "v1"}, "a.b/v1": {"a.b", "v1"}, "": {"", ""}, "/v1": {"", "v1"}, "apps/": {"apps", ""},
	} {
		if group, version := SplitAPIVersion(text); group != want[0] || version != want[1] {
			t.Errorf("%q is %q and %q, want %q", text, group, version, want)
		}
	}
}

// TestDuplicatesAreToldApart holds that no object hides another one, and that
// which of them keeps the plain identity does not depend on the order of arrival.
func TestDuplicatesAreToldApart(t *testing.T) {
	type copyOf struct {
		origin string
		line   int
		tier   string
	}
	copies := []copyOf{{"prod/shop.yaml", 1, "a"}, {"dev/shop.yaml", 9, "b"}, {"dev/shop.yaml", 3, "c"}, {"dev/shop.yaml", 30, "d"}, {"x@1.yaml", 1, "e"}}
	want := map[NodeID]string{
		"k8s:Pod:shop/a":                   "c",
		"k8s:Pod:shop/a@dev%2Fshop.yaml":   "b",
		"k8s:Pod:shop/a@dev%2Fshop.yaml@2": "d",
		"k8s:Pod:shop/a@prod%2Fshop.yaml":  "a",
		"k8s:Pod:shop/a@x%401.yaml":        "e",
	}
	r := rand.New(rand.NewPCG(7, 7))
	for range 50 {
		var b Builder
		for _, i := range r.Perm(len(copies)) {
			c := copies[i]
			b.AddObject(objectOf(t, "v1", "Pod", fields{{"name", "a"}, {"tier", c.tier}}), "shop",
				Provenance{Origin: c.origin, Position: Position{File: c.origin, Line: c.line}})
		}
		s := b.Snapshot()
		got := map[NodeID]string{}
		for n := range s.Nodes() {
			got[n.ID] = n.Object.At("metadata", "tier").Str()
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	}
}

// TestDuplicatesOfOnePlace are told apart by content, as nothing else is left.
func TestDuplicatesOfOnePlace(t *testing.T) {
	objects := []Value{
		objectOf(t, "v1", "Pod", fields{{"name", "a"}, {"tier", "x"}}),
		objectOf(t, "v1", "Pod", fields{{"name", "a"}, {"tier", "y"}}),
	}
	var first, second Builder
	for i := range objects {
		first.AddObject(objects[i], "shop", Provenance{Origin: "api"})
		second.AddObject(objects[len(objects)-1-i], "shop", Provenance{Origin: "api"})
	}
	if !bytes.Equal(encodeSnapshot(t, first.Snapshot()), encodeSnapshot(t, second.Snapshot())) {
		t.Error("the snapshot depends on the order of arrival")
	}
}

// TestConcurrentSources adds everything from many goroutines at once.
func TestConcurrentSources(t *testing.T) {
	const sources, each = 8, 50
	fill := func(b *Builder, source int) {
		for i := range each {
			name := fmt.Sprintf("pod-%d-%d", source, i)
			id := b.AddObject(objectOf(t, "v1", "Pod", fields{{"name", name}}), "shop", Provenance{Origin: "f"})
			b.AddEdges(Edge{From: id, To: "k8s:Node:n", Kind: "runs-on"}, Edge{From: id, To: "k8s:Node:n", Kind: "runs-on"})
			b.AddGap(Gap{Subject: name, Reason: "no"})
		}
		b.AddNode(Node{ID: "k8s:Node:n", Kind: "Node", Name: "n", Provenance: Provenance{Origin: fmt.Sprint(source)}})
	}
	var one, many Builder
	var wg sync.WaitGroup
	for source := range sources {
		fill(&one, source)
		wg.Go(func() { fill(&many, source) })
	}
	wg.Wait()
	s := many.Snapshot()
	if s.Len() != sources*each+sources || len(s.Gaps()) != sources*each || count(s.Edges()) != sources*each {
		t.Errorf("%d nodes, %d gaps, %d edges", s.Len(), len(s.Gaps()), count(s.Edges()))
	}
	if !bytes.Equal(encodeSnapshot(t, one.Snapshot()), encodeSnapshot(t, s)) {
		t.Error("the snapshot depends on the order of arrival")
	}
}

func count[T any](sequence func(yield func(T) bool)) int { return len(slices.Collect(sequence)) }

// TestSnapshotIsFrozen goes on building after a snapshot was taken.
func TestSnapshotIsFrozen(t *testing.T) {
	var b Builder
	pod := b.AddObject(objectOf(t, "v1", "Pod", fields{{"name", "m"}}), "shop", Provenance{Origin: "1"})
	before := b.Snapshot()
	bytesBefore := encodeSnapshot(t, before)
	b.AddObject(objectOf(t, "v1", "Pod", fields{{"name", "a"}}), "shop", Provenance{})
	b.AddObject(objectOf(t, "v1", "Pod", fields{{"name", "m"}}), "shop", Provenance{Origin: "0"})
	b.AddEdges(Edge{From: pod, To: pod, Kind: "self"})
	b.AddGap(Gap{Subject: "x"})
	after := b.Snapshot()
	if !bytes.Equal(bytesBefore, encodeSnapshot(t, before)) || before.Len() != 1 {
		t.Error("a snapshot changed after it was taken")
	}
	if after.Len() != 3 || count(after.From(pod)) != 1 || len(after.Gaps()) != 1 {
		t.Errorf("the later snapshot has %d nodes, %d edges, %d gaps", after.Len(), count(after.From(pod)), len(after.Gaps()))
	}
}
