package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSnapshotFinds(t *testing.T) {
	var b Builder
	for _, kind := range []string{"Secret", "Pod", "ConfigMap", "Pod"} {
		b.AddObject(objectOf(t, "v1", kind, fields{{"name", fmt.Sprintf("z%d", b.Snapshot().Len())}}), "shop", Provenance{})
	}
	s := b.Snapshot()
	if got := s.Kinds(); !slices.Equal(got, []Kind{"ConfigMap", "Pod", "Secret"}) {
		t.Errorf("kinds %v", got)
	}
	if s.CountOf("Pod") != 2 || s.CountOf("Node") != 0 {
		t.Errorf("%d pods, %d nodes", s.CountOf("Pod"), s.CountOf("Node"))
	}
	if got, want := idsOf(s.OfKind("Secret", "Node", "Pod")), "[k8s:Secret:shop/z0 k8s:Pod:shop/z1 k8s:Pod:shop/z3]"; fmt.Sprint(got) != want {
		t.Errorf("of kind: %v, want %s", got, want)
	}
	if got, want := idsOf(s.Nodes()), "[k8s:ConfigMap:shop/z2 k8s:Pod:shop/z1 k8s:Pod:shop/z3 k8s:Secret:shop/z0]"; fmt.Sprint(got) != want {
		t.Errorf("nodes: %v, want %s", got, want)
	}
	for i := range s.Len() {
		n, ok := s.Node(s.At(i).ID)
		if !ok || n != s.At(i) {
			t.Errorf("node %d is not found by its identity", i)
		}
	}
	if _, ok := s.Node("k8s:Pod:shop/z"); ok {
		t.Error("a node is found that does not exist")
	}
	for range s.OfKind("Secret", "Pod") {
		break // an early end must not go on with the next kind
	}
	for range s.Nodes() {
		break
	}
}

func idsOf(nodes func(yield func(*Node) bool)) []NodeID {
	var ids []NodeID
	for n := range nodes {
		ids = append(ids, n.ID)
	}
	return ids
}

func TestEmptySnapshot(t *testing.T) {
	s := (&Builder{}).Snapshot()
	if s.Len() != 0 || len(s.Kinds()) != 0 || len(s.Gaps()) != 0 || count(s.Nodes()) != 0 || count(s.Edges()) != 0 || count(s.From("x")) != 0 || count(s.Into("x")) != 0 || !s.Sees("Pod") {
		t.Error("nothing was added, and yet there is something")
	}
}

// TestAdjacency compares both directions with a plain search through random
// edges, of which many begin or end outside the snapshot and many are doubled.
func TestAdjacency(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for range 100 {
		var b Builder
		all := 1 + r.IntN(20)
		id := func() NodeID { return KeyedID("n", fmt.Sprintf("%02d", r.IntN(all+all/2))) }
		for i := range all {
			b.AddNode(Node{ID: KeyedID("n", fmt.Sprintf("%02d", i)), Kind: "n"})
		}
		var edges []Edge
		for range r.IntN(80) {
			edges = append(edges, Edge{From: id(), To: id(), Kind: EdgeKind("ab"[r.IntN(2):][:1])})
		}
		b.AddEdges(edges...)
		s := b.Snapshot()
		slices.SortFunc(edges, compareEdges)
		edges = slices.CompactFunc(edges, func(a, b Edge) bool { return compareEdges(a, b) == 0 })
		if got := values(s.Edges()); !slices.EqualFunc(got, edges, sameEnds) {
			t.Fatalf("edges %v, want %v", got, edges)
		}
		for n := range s.Nodes() {
			leave := where(edges, func(e Edge) bool { return e.From == n.ID })
			arrive := where(edges, func(e Edge) bool { return e.To == n.ID })
			if got := values(s.From(n.ID)); !slices.EqualFunc(got, leave, sameEnds) {
				t.Fatalf("from %s: %v, want %v", n.ID, got, leave)
			}
			if got := values(s.Into(n.ID)); !slices.EqualFunc(got, arrive, sameEnds) {
				t.Fatalf("into %s: %v, want %v", n.ID, got, arrive)
			}
		}
	}
}

func compareEdges(a, b Edge) int {
	return slices.Compare([]string{string(a.From), string(a.Kind), string(a.To)}, []string{string(b.From), string(b.Kind), string(b.To)})
}

func sameEnds(a, b Edge) bool { return compareEdges(a, b) == 0 }

func values(sequence func(yield func(*Edge) bool)) []Edge {
	var list []Edge
	for e := range sequence {
		list = append(list, *e)
	}
	return list
}

func where(edges []Edge, ok func(Edge) bool) []Edge {
	return slices.DeleteFunc(slices.Clone(edges), func(e Edge) bool { return !ok(e) })
}

func TestEdgesFromOutsideAreKept(t *testing.T) {
	var b Builder
	b.AddNode(Node{ID: "n:b"})
	b.AddEdges(Edge{From: "n:a", To: "n:b", Kind: "x"}, Edge{From: "n:b", To: "n:z", Kind: "x"}, Edge{From: "n:c", To: "n:d", Kind: "x"})
	s := b.Snapshot()
	if count(s.Edges()) != 3 || count(s.From("n:b")) != 1 || count(s.Into("n:b")) != 1 {
		t.Errorf("%d edges, %d from, %d into", count(s.Edges()), count(s.From("n:b")), count(s.Into("n:b")))
	}
	if count(s.From("n:a")) != 0 || count(s.Into("n:z")) != 0 {
		t.Error("a node that is not there has edges")
	}
}

func TestFirstEvidenceOfAnEdgeIsKept(t *testing.T) {
	v := valueOf(t, []any{"first", "second"})
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		var b Builder
		for _, i := range order {
			b.AddEdges(Edge{From: "n:a", To: "n:b", Kind: "x", Evidence: v.Item(i)})
		}
		if got := values(b.Snapshot().Edges()); len(got) != 1 || got[0].Evidence.Str() != "first" {
			t.Errorf("order %v: %v", order, got)
		}
	}
}

func TestGaps(t *testing.T) {
	var b Builder
	b.AddGap(Gap{Subject: "z", Reason: "no rights", Kinds: []Kind{"Secret", "apps/Deployment"}})
	b.AddGap(Gap{Subject: "a.yaml", Position: Position{File: "a.yaml", Line: 20}, Reason: "broken"})
	b.AddGap(Gap{Subject: "a.yaml", Position: Position{File: "a.yaml", Line: 3}, Reason: "broken"})
	s := b.Snapshot()
	var got []string
	for _, g := range s.Gaps() {
		got = append(got, fmt.Sprint(g.Subject, ":", g.Position.Line))
	}
	if want := []string{"a.yaml:3", "a.yaml:20", "z:0"}; !slices.Equal(got, want) {
		t.Errorf("gaps %v, want %v", got, want)
	}
	for kind, want := range map[Kind]bool{"Secret": false, "apps/Deployment": false, "Deployment": true, "Pod": true} {
		if s.Sees(kind) != want {
			t.Errorf("sees %s: %t", kind, !want)
		}
	}
}
