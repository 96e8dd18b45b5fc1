package yamldoc_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// deployments writes n objects of about 4 KB, of the shape that people
// write, with the parts that make YAML slow to read: comments, quoted and
// block text, flow lists.
func deployments(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "---\n# Deployment number %d\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: kitchen-%d\n  namespace: shop-%d\n", i, i, i%20)
		fmt.Fprintf(&b, "  labels: {app: kitchen, tier: \"backend\", app.kubernetes.io/name: 'kitchen'}\n  annotations:\n    example.com/note: |\n")
		for j := range 12 {
			fmt.Fprintf(&b, "      line %d of a text that somebody put into an annotation: %d\n", j, i*j)
		}
		fmt.Fprintf(&b, "spec:\n  replicas: %d\n  selector:\n    matchLabels:\n      app: kitchen\n  template:\n    metadata:\n      labels:\n        app: kitchen\n    spec:\n      serviceAccountName: kitchen\n      containers:\n", i%5)
		for c := range 4 {
			fmt.Fprintf(&b, "      - name: c%d\n        image: registry.example.com/shop/kitchen-%d:1.%d.%d # pinned later\n        args: [\"--port\", \"80%d\", --verbose]\n        ports:\n        - containerPort: 80%d\n          name: http\n          protocol: TCP\n", c, c, i%9, c, c, c)
			fmt.Fprintf(&b, "        env:\n")
			for e := range 5 {
				fmt.Fprintf(&b, "        - name: SETTING_%d\n          value: \"%d\"\n", e, e*i)
			}
			fmt.Fprintf(&b, "        resources:\n          requests:\n            cpu: 100m\n            memory: 128Mi\n          limits:\n            memory: 256Mi\n        securityContext:\n          runAsNonRoot: true\n          allowPrivilegeEscalation: false\n          capabilities:\n            drop:\n            - ALL\n        volumeMounts:\n        - name: data\n          mountPath: /var/lib/data\n        livenessProbe:\n          httpGet:\n            path: /healthz\n            port: 80%d\n          periodSeconds: 10\n", c)
		}
		fmt.Fprintf(&b, "      volumes:\n      - name: data\n        persistentVolumeClaim:\n          claimName: data\n")
	}
	return b.Bytes()
}

func BenchmarkDecode(b *testing.B) {
	data := deployments(2000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	decoder := yamldoc.NewDecoder(yamldoc.Options{Workers: 1})
	for b.Loop() {
		result := decoder.Decode(b.Context(), bytes.NewReader(data), "in.yaml")
		if len(result.Documents) != 2000 || len(result.Gaps) != 0 {
			b.Fatalf("%d documents, gaps %v", len(result.Documents), result.Gaps)
		}
	}
}
