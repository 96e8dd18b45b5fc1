package graph

import (
	"fmt"
	"testing"
	"time"
)

func TestCompare(t *testing.T) {
	snapshot := func(build func(b *Builder)) *Snapshot {
		var b Builder
		build(&b)
		return b.Snapshot()
	}
	pod := func(b *Builder, name string, metadata ...member) {
		b.AddObject(objectOf(t, "v1", "Pod", append(fields{{"name", name}}, metadata...)), "shop",
			Provenance{Origin: "f", ObservedAt: time.Unix(int64(b.Snapshot().Len()), 0)})
	}
	before := snapshot(func(b *Builder) {
		pod(b, "gone")
		pod(b, "stays", member{"a", 1}, member{"b", 2})
		pod(b, "changes", member{"a", 1})
		b.AddNode(Node{ID: "group:cooks"})
		b.AddEdges(Edge{From: "a", To: "b", Kind: "old"}, Edge{From: "a", To: "b", Kind: "both"})
	})
	after := snapshot(func(b *Builder) {
		pod(b, "new")
		pod(b, "changes", member{"a", 1.0})
		pod(b, "stays", member{"b", 2}, member{"a", 1})
		b.AddNode(Node{ID: "group:cooks"})
		b.AddEdges(Edge{From: "a", To: "b", Kind: "both", Evidence: valueOf(t, 1)}, Edge{From: "b", To: "a", Kind: "new"})
	})
	d := Compare(before, after)
	for name, check := range map[string][2]any{
		"added":         {d.Added, []NodeID{"k8s:Pod:shop/new"}},
		"removed":       {d.Removed, []NodeID{"k8s:Pod:shop/gone"}},
		"changed":       {d.Changed, []NodeID{"k8s:Pod:shop/changes"}},
		"edges added":   {d.EdgesAdded, []Edge{{From: "b", To: "a", Kind: "new"}}},
		"edges removed": {d.EdgesRemoved, []Edge{{From: "a", To: "b", Kind: "old"}}},
	} {
		if fmt.Sprint(check[0]) != fmt.Sprint(check[1]) {
			t.Errorf("%s: %v, want %v", name, check[0], check[1])
		}
	}
	if same := Compare(after, after); len(same.Added)+len(same.Removed)+len(same.Changed)+len(same.EdgesAdded)+len(same.EdgesRemoved) != 0 {
		t.Errorf("a snapshot differs from itself: %+v", same)
	}
}
