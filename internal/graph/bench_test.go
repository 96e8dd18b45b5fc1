package graph

import (
	"fmt"
	"hash/maphash"
	"testing"
)

// deployment is an object of the usual size, about 120 values.
func deployment(b *DocumentBuilder, name string) {
	var containers []any
	for i := range 3 {
		containers = append(containers, fields{
			{"name", fmt.Sprintf("container-%d", i)}, {"image", "registry.example/shop/kitchen:1.2.3"},
			{"securityContext", fields{{"runAsNonRoot", true}, {"allowPrivilegeEscalation", false}, {"capabilities", fields{{"drop", []any{"ALL"}}}}}},
			{"resources", fields{{"limits", fields{{"cpu", "1"}, {"memory", "1Gi"}}}, {"requests", fields{{"cpu", "1"}, {"memory", "1Gi"}}}}},
			{"env", []any{fields{{"name", "A"}, {"value", "a"}}, fields{{"name", "B"}, {"value", "b"}}, fields{{"name", "C"}, {"value", "c"}}}},
			{"ports", []any{fields{{"containerPort", 8080}, {"protocol", "TCP"}}}},
		})
	}
	addAny(b, "", fields{
		{"apiVersion", "apps/v1"}, {"kind", "Deployment"},
		{"metadata", fields{{"name", name}, {"namespace", "shop"}, {"labels", fields{{"app", name}, {"tier", "back"}}}}},
		{"spec", fields{{"replicas", 3}, {"template", fields{{"spec", fields{
			{"serviceAccountName", "kitchen"}, {"containers", containers}, {"volumes", []any{fields{{"name", "v"}, {"emptyDir", fields{}}}}},
		}}}}}},
	})
}

func BenchmarkBuildDocument(b *testing.B) {
	var builder DocumentBuilder
	b.ReportAllocs()
	for b.Loop() {
		deployment(&builder, "kitchen")
		if _, err := builder.Finish(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	root := buildDocument(b, func(builder *DocumentBuilder) { deployment(builder, "kitchen") }).Root()
	b.ReportAllocs()
	for b.Loop() {
		if root.At("spec", "template", "spec", "volumes").Len() != 1 {
			b.Fatal("not found")
		}
	}
}

func BenchmarkItems(b *testing.B) {
	containers := buildDocument(b, func(builder *DocumentBuilder) { deployment(builder, "kitchen") }).Root().At("spec", "template", "spec", "containers")
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, c := range containers.Items() {
			if c.At("securityContext", "runAsNonRoot").True() {
				n++
			}
		}
		if n != 3 {
			b.Fatal("not found")
		}
	}
}

func BenchmarkHash(b *testing.B) {
	root := buildDocument(b, func(builder *DocumentBuilder) { deployment(builder, "kitchen") }).Root()
	seed := maphash.MakeSeed()
	b.ReportAllocs()
	for b.Loop() {
		root.Hash(seed)
	}
}

func BenchmarkPath(b *testing.B) {
	root := buildDocument(b, func(builder *DocumentBuilder) { deployment(builder, "kitchen") }).Root()
	deep := root.At("spec", "template", "spec", "containers").Item(2).At("resources", "requests", "memory")
	b.ReportAllocs()
	for b.Loop() {
		if deep.Path() == "" {
			b.Fatal("no path")
		}
	}
}

// BenchmarkSnapshot freezes 20,000 objects with two edges each.
func BenchmarkSnapshot(b *testing.B) {
	const objects = 20_000
	var builder Builder
	var documents DocumentBuilder
	for i := range objects {
		deployment(&documents, fmt.Sprintf("d%05d", i*7919%objects))
		d, err := documents.Finish()
		if err != nil {
			b.Fatal(err)
		}
		id := builder.AddObject(d.Root(), "shop", Provenance{Source: "manifest", Origin: fmt.Sprintf("f%d.yaml", i/10)})
		builder.AddEdges(
			Edge{From: id, To: "k8s:ServiceAccount:shop/kitchen", Kind: "runs-as"},
			Edge{From: id, To: ObjectID("apps", "Deployment", "shop", fmt.Sprintf("d%05d", i)), Kind: "calls"},
		)
	}
	b.ReportAllocs()
	for b.Loop() {
		if builder.Snapshot().Len() != objects {
			b.Fatal("objects lost")
		}
	}
}
