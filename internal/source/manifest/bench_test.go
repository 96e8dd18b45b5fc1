package manifest_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest"
)

// workload is an object of about 4 KB.
func workload(i int) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: kitchen-%d\n  labels:\n    app: kitchen\nspec:\n  replicas: %d\n  template:\n    spec:\n      containers:\n", i, i%5)
	for c := range 8 {
		fmt.Fprintf(&b, "      - name: c%d\n        image: registry.example.com/shop/kitchen:1.%d\n        args: [\"--port\", \"80%d\"]\n        env:\n", c, i%9, c)
		for e := range 4 {
			fmt.Fprintf(&b, "        - name: SETTING_%d\n          value: \"%d\"\n", e, e*i)
		}
		b.WriteString("        securityContext:\n          runAsNonRoot: true\n          capabilities:\n            drop:\n            - ALL\n        resources:\n          limits:\n            memory: 128Mi\n")
	}
	return b.String()
}

// BenchmarkCollect reads 2,000 objects, of one file or of one file each.
func BenchmarkCollect(b *testing.B) {
	const objects = 2000
	var one bytes.Buffer
	many := make(map[string]string)
	for i := range objects {
		text := workload(i)
		fmt.Fprintf(&one, "---\n%s", text)
		many[fmt.Sprintf("d%d/%d.yaml", i%40, i)] = text
	}
	for name, files := range map[string]map[string]string{"one file": {"all.yaml": one.String()}, "many files": many} {
		b.Run(name, func(b *testing.B) {
			writeFiles(b, files)
			b.SetBytes(int64(one.Len()))
			b.ReportAllocs()
			for b.Loop() {
				var builder graph.Builder
				if err := manifest.New(manifest.Options{Paths: []string{"."}}).Collect(b.Context(), &builder); err != nil {
					b.Fatal(err)
				}
				if n := builder.Snapshot().Len(); n != objects {
					b.Fatalf("%d nodes", n)
				}
			}
		})
	}
}
